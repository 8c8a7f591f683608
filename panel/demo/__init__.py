"""Windows of agents to try the panel with: pretty, honest and made of nothing but Qt."""
