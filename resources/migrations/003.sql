-- To schema 3: tasks, alerts, health and slow statements.
ALTER TABLE agent_workspaces ADD COLUMN status_source TEXT NOT NULL DEFAULT ''
    CHECK (status_source IN ('', 'person', 'cli', 'mcp', 'file'));
ALTER TABLE agent_workspaces ADD COLUMN reported_at TIMESTAMP;
ALTER TABLE agent_workspaces ADD COLUMN retired_at TIMESTAMP;
ALTER TABLE agent_workspaces ADD COLUMN watch_region TEXT CHECK (json_valid(watch_region));
ALTER TABLE agent_workspaces ADD COLUMN screen_state TEXT CHECK (screen_state IN ('still', 'changing'));
ALTER TABLE agent_workspaces ADD COLUMN screen_since TIMESTAMP;
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
CREATE TABLE health_history (
    system_id TEXT NOT NULL,
    checked_at TIMESTAMP NOT NULL,
    system_status TEXT NOT NULL,
    health_score REAL NOT NULL,
    metrics TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metrics)),
    PRIMARY KEY (system_id, checked_at)
) WITHOUT ROWID;
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
CREATE TABLE slow_statements (
    statement TEXT PRIMARY KEY NOT NULL,
    plan TEXT NOT NULL DEFAULT '',
    times INTEGER NOT NULL DEFAULT 0,
    total_ms REAL NOT NULL DEFAULT 0,
    worst_ms REAL NOT NULL DEFAULT 0,
    first_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    last_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);
