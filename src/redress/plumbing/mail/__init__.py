"""How does a message get in, what does it say, and how does ours get out?

Reading (`sources`, `imap`), understanding (`parse`, `classify`, `quoted`, `tokens`) and writing
(`compose`; the carriers are in `redress.plumbing.post`) of e-mail. No record is touched here.

Example: ``classify.kind(parse.parse(raw_bytes))`` is ``"bounce"``.
"""
