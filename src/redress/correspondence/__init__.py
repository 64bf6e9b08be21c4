"""Everything in and out: receipts, messages, letters, responses, their dispatch, and the texts they are made from."""
