-- To schema 2: screen layouts, pictures of deliveries, answers.
ALTER TABLE agent_workspaces ADD COLUMN inbox_fallback BOOLEAN NOT NULL DEFAULT FALSE
    CHECK (inbox_fallback IN (0, 1));
ALTER TABLE click_targets ADD COLUMN last_reason_code TEXT NOT NULL DEFAULT '';
-- A verdict without its code cannot be told from another; the next look writes both.
UPDATE click_targets SET last_verdict = NULL, last_check_at = NULL;
CREATE TABLE screen_layouts (
    layout_id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL UNIQUE,
    fingerprint TEXT NOT NULL UNIQUE,
    screens TEXT NOT NULL CHECK (json_valid(screens)),
    in_use BOOLEAN NOT NULL DEFAULT FALSE CHECK (in_use IN (0, 1)),
    last_seen_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE UNIQUE INDEX idx_layout_in_use ON screen_layouts(in_use) WHERE in_use;
CREATE TABLE layout_targets (
    layout_id TEXT NOT NULL REFERENCES screen_layouts(layout_id) ON DELETE CASCADE,
    agent_id TEXT NOT NULL
        REFERENCES agent_workspaces(agent_id) ON DELETE CASCADE ON UPDATE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('chat', 'onboarding')),
    record TEXT NOT NULL CHECK (json_valid(record)),
    PRIMARY KEY (layout_id, agent_id, kind)
);
CREATE INDEX idx_layout_target_agent ON layout_targets(agent_id);
ALTER TABLE agent_messages ADD COLUMN direction TEXT NOT NULL DEFAULT 'out'
    CHECK (direction IN ('out', 'in'));
ALTER TABLE agent_messages ADD COLUMN seen_at TIMESTAMP;
ALTER TABLE agent_messages ADD COLUMN source_key TEXT;
ALTER TABLE agent_messages ADD COLUMN wanted TEXT CHECK (wanted IN ('submit', 'remove'));
DROP INDEX idx_message_queue;
CREATE INDEX idx_message_queue ON agent_messages(to_agent, urgency, sent_at)
    WHERE delivery_status IN ('pending', 'held') AND reason_code <> 'backlog';
CREATE INDEX idx_message_backlog ON agent_messages(to_agent, sent_at)
    WHERE delivery_status = 'held' AND reason_code = 'backlog';
CREATE INDEX idx_message_incoming ON agent_messages(sent_at) WHERE direction = 'in';
CREATE INDEX idx_message_unread ON agent_messages(from_agent, sent_at)
    WHERE direction = 'in' AND seen_at IS NULL;
CREATE UNIQUE INDEX idx_message_source ON agent_messages(source_key) WHERE source_key IS NOT NULL;
CREATE INDEX idx_message_wanted ON agent_messages(sent_at) WHERE wanted IS NOT NULL;
ALTER TABLE delivery_attempts ADD COLUMN kind TEXT NOT NULL DEFAULT 'deliver'
    CHECK (kind IN ('deliver', 'submit', 'remove'));
ALTER TABLE delivery_attempts ADD COLUMN pictures TEXT CHECK (json_valid(pictures));
ALTER TABLE dispatch_control ADD COLUMN postponed_until TIMESTAMP;
CREATE TABLE message_templates (
    name TEXT PRIMARY KEY NOT NULL,
    body TEXT NOT NULL,
    updated_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);
