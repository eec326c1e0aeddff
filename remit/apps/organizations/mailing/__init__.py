"""Mail goes out and comes in: sending what stands in the outbox, fetching the mailbox, placing answers, saying what could not be placed."""
