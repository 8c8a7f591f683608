-- The whole current schema of Captain Panel. A new database is made from this file; an older one is
-- brought here by the numbered migrations in panel/store/migrations.py, whose last number is the
-- user_version below. Raise both together.
--
-- Times are `YYYY-MM-DD HH:MM:SS.mmm` UTC as text, so that they compare with CURRENT_TIMESTAMP.
-- JSON columns hold valid JSON. application_id is "CPnl": it tells our file from others'.
PRAGMA application_id = 1129344620;
PRAGMA user_version = 3;

-- ---------------------------------------------------------------- the swarm

CREATE TABLE agent_workspaces (
    agent_id TEXT PRIMARY KEY NOT NULL,
    team TEXT NOT NULL,
    specialization TEXT NOT NULL,
    captain TEXT NOT NULL,
    status TEXT NOT NULL,  -- what the agent says of itself; unknown words are kept
    last_cycle TIMESTAMP,
    current_focus TEXT,
    cycle_count INTEGER DEFAULT 0,
    tasks_completed INTEGER DEFAULT 0,
    coordination_efficiency REAL DEFAULT 0.0,
    v2_compliance REAL DEFAULT 0.0,
    last_updated TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    integration_status TEXT DEFAULT 'pending',
    integration_components TEXT CHECK (json_valid(integration_components)),
    integration_tests_passed INTEGER DEFAULT 0,
    integration_tests_total INTEGER DEFAULT 0,
    messaging_system_status TEXT DEFAULT 'pending',
    discord_commander_status TEXT DEFAULT 'pending',
    core_systems_status TEXT DEFAULT 'pending',
    -- ours
    description TEXT NOT NULL DEFAULT '',
    active BOOLEAN NOT NULL DEFAULT TRUE CHECK (active IN (0, 1)),
    paused BOOLEAN NOT NULL DEFAULT FALSE CHECK (paused IN (0, 1)),
    workspace_path TEXT,
    -- whether a message goes to the inbox folder when the window stays blocked
    inbox_fallback BOOLEAN NOT NULL DEFAULT FALSE CHECK (inbox_fallback IN (0, 1)),
    status_source TEXT NOT NULL DEFAULT ''  -- who said the status last
        CHECK (status_source IN ('', 'person', 'cli', 'mcp', 'file')),
    reported_at TIMESTAMP,  -- when the agent itself last said anything
    retired_at TIMESTAMP,
    watch_region TEXT CHECK (json_valid(watch_region)),  -- of its window; NULL: nobody looks
    screen_state TEXT CHECK (screen_state IN ('still', 'changing')),
    screen_since TIMESTAMP
);

CREATE INDEX idx_agent_team ON agent_workspaces(team);
CREATE INDEX idx_agent_status ON agent_workspaces(status);
CREATE INDEX idx_agent_integration_status ON agent_workspaces(integration_status);
CREATE INDEX idx_agent_last_updated ON agent_workspaces(last_updated);

-- What changed about an agent, for its timeline.
CREATE TABLE agent_events (
    event_id INTEGER PRIMARY KEY,
    agent_id TEXT NOT NULL REFERENCES agent_workspaces(agent_id) ON DELETE CASCADE
        ON UPDATE CASCADE,
    happened_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    kind TEXT NOT NULL,
    source TEXT NOT NULL DEFAULT '',
    before TEXT,
    after TEXT
);

CREATE INDEX idx_agent_event ON agent_events(agent_id, happened_at);

CREATE TABLE click_targets (
    agent_id TEXT NOT NULL REFERENCES agent_workspaces(agent_id) ON DELETE CASCADE ON UPDATE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('chat', 'onboarding')),
    x INTEGER NOT NULL,  -- native pixels; screens to the left are negative
    y INTEGER NOT NULL,
    offset_x INTEGER,  -- the same place relative to the window's client area
    offset_y INTEGER,
    status TEXT NOT NULL DEFAULT 'unverified' CHECK (status IN ('confirmed', 'unverified')),
    window_id INTEGER,
    pid INTEGER,
    process_started INTEGER,
    window_class TEXT,
    title TEXT,
    title_rule TEXT,
    window_width INTEGER,
    window_height INTEGER,
    layout TEXT CHECK (json_valid(layout)),
    composer TEXT CHECK (json_valid(composer)),
    policy TEXT NOT NULL DEFAULT 'strict' CHECK (policy IN ('strict', 'warn', 'off')),
    proof TEXT NOT NULL DEFAULT 'composer' CHECK (proof IN ('composer', 'terminal')),
    paste_key TEXT NOT NULL DEFAULT 'ctrl+v',
    submit_key TEXT NOT NULL DEFAULT 'enter',
    urgent_submit_key TEXT,
    longest_paste INTEGER NOT NULL DEFAULT 20000 CHECK (longest_paste > 0),
    terminal_program TEXT,
    calibrated_at TIMESTAMP,
    last_success_at TIMESTAMP,
    last_check_at TIMESTAMP,
    last_verdict TEXT,
    last_reason_code TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (agent_id, kind)
);

CREATE TABLE target_pictures (
    agent_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('anchor', 'look')),
    position INTEGER NOT NULL CHECK (position >= 0),
    x INTEGER NOT NULL,  -- relative to the window's client area
    y INTEGER NOT NULL,
    width INTEGER NOT NULL CHECK (width > 0),
    height INTEGER NOT NULL CHECK (height > 0),
    png BLOB NOT NULL,
    mask_png BLOB,
    PRIMARY KEY (agent_id, kind, role, position),
    FOREIGN KEY (agent_id, kind) REFERENCES click_targets(agent_id, kind)
        ON DELETE CASCADE ON UPDATE CASCADE
);

-- The arrangements of screens that were seen, by the name that the operator gives them.
CREATE TABLE screen_layouts (
    layout_id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL UNIQUE,
    fingerprint TEXT NOT NULL UNIQUE,  -- places, sizes and scales: what is plugged in
    screens TEXT NOT NULL CHECK (json_valid(screens)),
    in_use BOOLEAN NOT NULL DEFAULT FALSE CHECK (in_use IN (0, 1)),
    last_seen_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE UNIQUE INDEX idx_layout_in_use ON screen_layouts(in_use) WHERE in_use;

-- click_targets holds the targets of the layout in use; those of the others lie here, whole.
CREATE TABLE layout_targets (
    layout_id TEXT NOT NULL REFERENCES screen_layouts(layout_id) ON DELETE CASCADE,
    agent_id TEXT NOT NULL
        REFERENCES agent_workspaces(agent_id) ON DELETE CASCADE ON UPDATE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('chat', 'onboarding')),
    record TEXT NOT NULL CHECK (json_valid(record)),
    PRIMARY KEY (layout_id, agent_id, kind)
);

CREATE INDEX idx_layout_target_agent ON layout_targets(agent_id);

-- ---------------------------------------------------------------- messages

-- to_agent has no foreign key: the history outlives the agent. Only messages that still wait need
-- a known agent, which queueing and claiming see to.
CREATE TABLE agent_messages (
    message_id TEXT PRIMARY KEY NOT NULL,
    from_agent TEXT NOT NULL,
    to_agent TEXT NOT NULL,
    priority TEXT NOT NULL CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
    tags TEXT CHECK (json_valid(tags)),
    content TEXT NOT NULL,
    sent_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    processed_at TIMESTAMP,
    status TEXT DEFAULT 'pending' CHECK (status IN ('pending', 'acknowledged', 'answered')),
    pyautogui_coordinates TEXT CHECK (json_valid(pyautogui_coordinates)),
    delivery_method TEXT DEFAULT 'pyautogui' CHECK (delivery_method IN ('pyautogui', 'inbox')),
    delivery_status TEXT DEFAULT 'pending' CHECK (delivery_status IN (
        'pending', 'sending', 'delivered', 'held', 'uncertain', 'failed', 'cancelled', 'expired')),
    retry_count INTEGER DEFAULT 0,
    max_retries INTEGER DEFAULT 3,
    delivery_time_ms INTEGER,
    coordinate_validation_status TEXT DEFAULT 'pending' CHECK (coordinate_validation_status IN (
        'pending', 'valid', 'stale', 'blocked', 'unverified')),
    -- ours
    evidence TEXT NOT NULL DEFAULT 'none' CHECK (evidence IN (
        'none', 'focused', 'pasted', 'visible', 'submitted', 'acknowledged', 'operator')),
    reason TEXT NOT NULL DEFAULT '',
    reason_code TEXT NOT NULL DEFAULT '',
    expires_at TIMESTAMP,
    held_since TIMESTAMP,
    next_attempt_at TIMESTAMP,
    group_id TEXT,
    resend_of TEXT REFERENCES agent_messages(message_id) ON DELETE SET NULL,
    reply_to TEXT REFERENCES agent_messages(message_id) ON DELETE SET NULL,
    direction TEXT NOT NULL DEFAULT 'out' CHECK (direction IN ('out', 'in')),
    seen_at TIMESTAMP,  -- when a person saw what came in
    source_key TEXT,  -- what it was taken from (a file in an outbox), so that it is taken once
    wanted TEXT CHECK (wanted IN ('submit', 'remove')),  -- of an uncertain one whose text stands
    urgency INTEGER GENERATED ALWAYS AS (
        CASE priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 WHEN 'normal' THEN 2 ELSE 3 END
    ) VIRTUAL
);

CREATE INDEX idx_message_to_agent ON agent_messages(to_agent);
CREATE INDEX idx_message_status ON agent_messages(delivery_status);
CREATE INDEX idx_message_sent_at ON agent_messages(sent_at);
CREATE INDEX idx_message_priority ON agent_messages(priority);
CREATE INDEX idx_message_coordinates ON agent_messages(pyautogui_coordinates);
-- The queue: the head of each agent's waiting messages, without touching the history.
-- Old ones that wait behind a question are no part of it.
CREATE INDEX idx_message_queue ON agent_messages(to_agent, urgency, sent_at)
    WHERE delivery_status IN ('pending', 'held') AND reason_code <> 'backlog';
CREATE INDEX idx_message_backlog ON agent_messages(to_agent, sent_at)
    WHERE delivery_status = 'held' AND reason_code = 'backlog';
CREATE INDEX idx_message_blocking ON agent_messages(to_agent, delivery_status)
    WHERE delivery_status IN ('sending', 'uncertain');
CREATE INDEX idx_message_expiry ON agent_messages(expires_at)
    WHERE delivery_status IN ('pending', 'held') AND expires_at IS NOT NULL;
-- One agent's or one state's messages in time order, without sorting.
CREATE INDEX idx_message_to_time ON agent_messages(to_agent, sent_at);
CREATE INDEX idx_message_from_time ON agent_messages(from_agent, sent_at);
CREATE INDEX idx_message_status_time ON agent_messages(delivery_status, sent_at);
CREATE INDEX idx_message_group ON agent_messages(group_id) WHERE group_id IS NOT NULL;
CREATE INDEX idx_message_resend ON agent_messages(resend_of) WHERE resend_of IS NOT NULL;
CREATE INDEX idx_message_reply ON agent_messages(reply_to) WHERE reply_to IS NOT NULL;
CREATE INDEX idx_message_incoming ON agent_messages(sent_at) WHERE direction = 'in';
CREATE INDEX idx_message_unread ON agent_messages(from_agent, sent_at)
    WHERE direction = 'in' AND seen_at IS NULL;
CREATE UNIQUE INDEX idx_message_source ON agent_messages(source_key) WHERE source_key IS NOT NULL;
CREATE INDEX idx_message_wanted ON agent_messages(sent_at) WHERE wanted IS NOT NULL;

CREATE TABLE delivery_attempts (
    attempt_id TEXT PRIMARY KEY NOT NULL,
    message_id TEXT NOT NULL REFERENCES agent_messages(message_id) ON DELETE CASCADE,
    attempt_number INTEGER NOT NULL CHECK (attempt_number > 0),
    dispatcher TEXT NOT NULL CHECK (json_valid(dispatcher)),
    started_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    finished_at TIMESTAMP,
    phase TEXT NOT NULL DEFAULT 'claimed' CHECK (phase IN (
        'claimed', 'ready', 'pasting', 'pasted', 'submitting', 'submitted', 'settled')),
    evidence TEXT NOT NULL DEFAULT 'none' CHECK (evidence IN (
        'none', 'focused', 'pasted', 'visible', 'submitted', 'acknowledged', 'operator')),
    outcome TEXT CHECK (outcome IN (
        'pending', 'delivered', 'held', 'uncertain', 'failed', 'cancelled', 'expired')),
    reason TEXT NOT NULL DEFAULT '',
    reason_code TEXT NOT NULL DEFAULT '',
    keys TEXT,  -- the chord, named before it is pressed, so that a restart can release it
    timings TEXT CHECK (json_valid(timings)),
    stop_counter INTEGER NOT NULL,
    kind TEXT NOT NULL DEFAULT 'deliver' CHECK (kind IN ('deliver', 'submit', 'remove')),
    pictures TEXT CHECK (json_valid(pictures)),  -- what was seen, by step: names of PNG files
    UNIQUE (message_id, attempt_number)
);

CREATE INDEX idx_attempt_open ON delivery_attempts(started_at) WHERE finished_at IS NULL;

CREATE TABLE dispatch_control (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    paused BOOLEAN NOT NULL DEFAULT FALSE CHECK (paused IN (0, 1)),
    stop_counter INTEGER NOT NULL DEFAULT 0,
    stop_acknowledged INTEGER NOT NULL DEFAULT 0,
    updated_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    postponed_until TIMESTAMP  -- the operator asked for more time
);

INSERT INTO dispatch_control (id, updated_at) VALUES (1, strftime('%Y-%m-%d %H:%M:%f', 'now'));

-- What a person changed of resources/templates, and their own.
CREATE TABLE message_templates (
    name TEXT PRIMARY KEY NOT NULL,
    body TEXT NOT NULL,
    updated_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);

-- ---------------------------------------------------------------- tasks

-- source_ref names the finding, test or command that it came from.
CREATE TABLE tasks (
    task_id TEXT PRIMARY KEY NOT NULL,
    title TEXT NOT NULL,
    details TEXT NOT NULL DEFAULT '',
    details_file TEXT,
    source TEXT NOT NULL DEFAULT 'person'
        CHECK (source IN ('person', 'audit', 'test', 'discord')),
    source_ref TEXT,
    owner TEXT NOT NULL,
    message_id TEXT REFERENCES agent_messages(message_id) ON DELETE SET NULL,
    state TEXT NOT NULL DEFAULT 'open'
        CHECK (state IN ('open', 'answered', 'done', 'verified', 'dropped')),
    created_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    answered_at TIMESTAMP,
    done_at TIMESTAMP,
    verified_at TIMESTAMP,
    verified_by TEXT
);

CREATE INDEX idx_task_owner ON tasks(owner, state, created_at);
CREATE INDEX idx_task_state ON tasks(state, created_at);
CREATE INDEX idx_task_source ON tasks(source, source_ref) WHERE source_ref IS NOT NULL;
CREATE INDEX idx_task_message ON tasks(message_id) WHERE message_id IS NOT NULL;

-- ---------------------------------------------------------------- Discord

CREATE TABLE discord_commands (
    command_id TEXT PRIMARY KEY NOT NULL,
    agent_id TEXT NOT NULL,
    command_type TEXT NOT NULL,
    command_data TEXT NOT NULL CHECK (json_valid(command_data)),
    channel_id TEXT,
    user_id TEXT,
    executed_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    execution_status TEXT DEFAULT 'pending' CHECK (execution_status IN (
        'pending', 'running', 'completed', 'failed', 'refused', 'expired', 'interrupted')),
    response_data TEXT CHECK (json_valid(response_data)),
    controller_status TEXT DEFAULT 'active'
        CHECK (controller_status IN ('active', 'inactive', 'error')),
    command_priority INTEGER DEFAULT 1,
    execution_time_ms INTEGER,
    error_message TEXT,
    discord_bot_response TEXT,
    command_validation_status TEXT DEFAULT 'pending'
        CHECK (command_validation_status IN ('pending', 'valid', 'invalid', 'refused'))
);

CREATE INDEX idx_discord_agent ON discord_commands(agent_id);
CREATE INDEX idx_discord_status ON discord_commands(execution_status);
CREATE INDEX idx_discord_executed ON discord_commands(executed_at);
CREATE INDEX idx_discord_controller ON discord_commands(controller_status);
CREATE INDEX idx_discord_priority ON discord_commands(command_priority);

-- ---------------------------------------------------------------- systems

CREATE TABLE core_systems_status (
    system_id TEXT PRIMARY KEY NOT NULL,
    system_name TEXT NOT NULL,
    system_status TEXT NOT NULL
        CHECK (system_status IN ('active', 'inactive', 'error', 'maintenance')),
    health_score REAL DEFAULT 100.0,
    last_health_check TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    error_count INTEGER DEFAULT 0,
    performance_metrics TEXT CHECK (json_valid(performance_metrics)),
    integration_dependencies TEXT CHECK (json_valid(integration_dependencies)),
    system_configuration TEXT CHECK (json_valid(system_configuration)),
    monitoring_alerts TEXT CHECK (json_valid(monitoring_alerts)),
    maintenance_schedule TEXT CHECK (json_valid(maintenance_schedule))
);

CREATE INDEX idx_core_system_name ON core_systems_status(system_name);
CREATE INDEX idx_core_system_status ON core_systems_status(system_status);
CREATE INDEX idx_core_health_check ON core_systems_status(last_health_check);

CREATE TABLE health_history (
    system_id TEXT NOT NULL,
    checked_at TIMESTAMP NOT NULL,
    system_status TEXT NOT NULL,
    health_score REAL NOT NULL,
    metrics TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metrics)),
    PRIMARY KEY (system_id, checked_at)
) WITHOUT ROWID;

-- One open row a kind and subject: what is seen again is counted, not raised again.
CREATE TABLE alerts (
    alert_id TEXT PRIMARY KEY NOT NULL,
    system_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL DEFAULT '',
    severity TEXT NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
    text TEXT NOT NULL,
    fix TEXT NOT NULL DEFAULT '',
    raised_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    last_seen_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    seen_count INTEGER NOT NULL DEFAULT 1,
    acknowledged_at TIMESTAMP,
    acknowledged_by TEXT,
    cleared_at TIMESTAMP,
    notified_at TIMESTAMP
);

CREATE UNIQUE INDEX idx_alert_open ON alerts(kind, subject) WHERE cleared_at IS NULL;
CREATE INDEX idx_alert_raised ON alerts(raised_at);

-- Statements over the threshold, without their values.
CREATE TABLE slow_statements (
    statement TEXT PRIMARY KEY NOT NULL,
    plan TEXT NOT NULL DEFAULT '',
    times INTEGER NOT NULL DEFAULT 0,
    total_ms REAL NOT NULL DEFAULT 0,
    worst_ms REAL NOT NULL DEFAULT 0,
    first_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    last_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);

-- ---------------------------------------------------------------- compliance

CREATE TABLE v2_compliance_audit (
    audit_id TEXT PRIMARY KEY NOT NULL,
    component_name TEXT NOT NULL,
    component_type TEXT NOT NULL
        CHECK (component_type IN ('file', 'database', 'integration', 'service')),
    compliance_score REAL NOT NULL,
    violations_found INTEGER DEFAULT 0,
    violations_details TEXT CHECK (json_valid(violations_details)),
    audit_timestamp TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    auditor_agent TEXT NOT NULL,
    integration_impact TEXT CHECK (json_valid(integration_impact)),
    refactoring_required BOOLEAN DEFAULT FALSE CHECK (refactoring_required IN (0, 1)),
    refactoring_priority TEXT DEFAULT 'medium'
        CHECK (refactoring_priority IN ('low', 'medium', 'high', 'critical')),
    estimated_refactoring_cycles INTEGER DEFAULT 1,
    integration_dependencies_affected TEXT CHECK (json_valid(integration_dependencies_affected)),
    refactoring_plan TEXT CHECK (json_valid(refactoring_plan))
);

CREATE INDEX idx_audit_component ON v2_compliance_audit(component_name);
CREATE INDEX idx_audit_timestamp ON v2_compliance_audit(audit_timestamp);
CREATE INDEX idx_audit_score ON v2_compliance_audit(compliance_score);
CREATE INDEX idx_audit_refactoring ON v2_compliance_audit(refactoring_required);
-- The newest audit of each component.
CREATE INDEX idx_audit_latest ON v2_compliance_audit(component_type, component_name, audit_timestamp);

-- What the last audit found in each file of a tree, so that an unchanged file is not read again.
CREATE TABLE file_compliance (
    tree TEXT NOT NULL,  -- the audited folder
    path TEXT NOT NULL,  -- within it, with forward slashes
    size_bytes INTEGER NOT NULL DEFAULT 0,
    line_count INTEGER NOT NULL DEFAULT 0,
    content_hash TEXT,
    compliance_state TEXT NOT NULL DEFAULT 'unknown'
        CHECK (compliance_state IN ('unknown', 'compliant', 'violating', 'excepted', 'unreadable')),
    compliance_score REAL,
    violation_kind TEXT,  -- the worst rule broken
    violations TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(violations)),
    last_checked TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    plan TEXT CHECK (json_valid(plan)),
    plan_state TEXT NOT NULL DEFAULT 'none'
        CHECK (plan_state IN ('none', 'planned', 'assigned', 'done', 'verified')),
    PRIMARY KEY (tree, path)
);

CREATE INDEX idx_file_state ON file_compliance(compliance_state);

-- ---------------------------------------------------------------- test runs

CREATE TABLE integration_tests (
    test_id TEXT PRIMARY KEY NOT NULL,
    test_name TEXT NOT NULL,
    test_type TEXT NOT NULL,
    test_status TEXT DEFAULT 'pending' CHECK (test_status IN ('pending', 'running', 'PASS', 'FAIL',
        'ERROR', 'CRASH', 'TIMEOUT', 'SKIP', 'XFAIL', 'XPASS', 'NOT_RUN')),
    test_data TEXT CHECK (json_valid(test_data)),
    expected_result TEXT CHECK (json_valid(expected_result)),
    actual_result TEXT CHECK (json_valid(actual_result)),
    test_duration_ms INTEGER,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    executed_at TIMESTAMP,
    integration_component TEXT NOT NULL,
    test_coverage_percentage REAL DEFAULT 0.0,
    v2_compliance_check BOOLEAN DEFAULT FALSE CHECK (v2_compliance_check IN (0, 1)),
    test_environment TEXT DEFAULT 'development',
    test_agent TEXT NOT NULL
);

CREATE INDEX idx_test_type ON integration_tests(test_type);
CREATE INDEX idx_test_status ON integration_tests(test_status);
CREATE INDEX idx_test_component ON integration_tests(integration_component);
CREATE INDEX idx_test_agent ON integration_tests(test_agent);

-- ---------------------------------------------------------------- settings

CREATE TABLE settings (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL CHECK (json_valid(value))
);

-- ---------------------------------------------------------------- views

CREATE VIEW message_delivery_stats AS
SELECT
    to_agent AS agent_id,
    COUNT(*) AS total_messages,
    COUNT(CASE WHEN delivery_status = 'delivered' THEN 1 END) AS delivered,
    COUNT(CASE WHEN delivery_status = 'failed' THEN 1 END) AS failed,
    COUNT(CASE WHEN delivery_status = 'pending' THEN 1 END) AS pending,
    COUNT(CASE WHEN delivery_status = 'sending' THEN 1 END) AS sending,
    COUNT(CASE WHEN delivery_status = 'held' THEN 1 END) AS held,
    COUNT(CASE WHEN delivery_status = 'uncertain' THEN 1 END) AS uncertain,
    COUNT(CASE WHEN delivery_status = 'cancelled' THEN 1 END) AS cancelled,
    COUNT(CASE WHEN delivery_status = 'expired' THEN 1 END) AS expired,
    AVG(delivery_time_ms) AS avg_delivery_time,
    COUNT(CASE WHEN retry_count > 0 THEN 1 END) AS retried_messages
FROM agent_messages
GROUP BY to_agent;

CREATE VIEW agent_performance_summary AS
SELECT
    agent.agent_id,
    agent.team,
    agent.status,
    agent.cycle_count,
    agent.tasks_completed,
    agent.coordination_efficiency,
    agent.v2_compliance,
    agent.integration_tests_passed,
    agent.integration_tests_total,
    COALESCE(stats.total_messages, 0) AS total_messages,
    COALESCE(stats.delivered, 0) AS delivered,
    COALESCE(stats.failed, 0) AS failed,
    COALESCE(stats.uncertain, 0) AS uncertain,
    stats.avg_delivery_time,
    agent.last_updated
FROM agent_workspaces AS agent
LEFT JOIN message_delivery_stats AS stats ON stats.agent_id = agent.agent_id;

-- Over the newest audit of each component: an old finding that was mended does not count.
CREATE VIEW v2_compliance_summary AS
SELECT
    COUNT(*) AS total_components,
    AVG(compliance_score) AS avg_compliance_score,
    COALESCE(SUM(violations_found), 0) AS total_violations,
    COUNT(CASE WHEN refactoring_required = 1 THEN 1 END) AS refactoring_required,
    COUNT(CASE WHEN refactoring_priority = 'high' THEN 1 END) AS high_priority_refactoring
FROM v2_compliance_audit AS audit
WHERE NOT EXISTS (
    SELECT 1 FROM v2_compliance_audit AS newer
    WHERE newer.component_type = audit.component_type
        AND newer.component_name = audit.component_name
        AND (newer.audit_timestamp, newer.rowid) > (audit.audit_timestamp, audit.rowid)
);
