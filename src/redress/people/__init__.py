"""The people who write to the council: who they are, who may speak for them, and what must be honoured."""
