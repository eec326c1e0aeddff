"""Evidence packs: the record of a period or an engagement as one file that a stranger can verify, and the verifier."""
