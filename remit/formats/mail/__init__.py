"""Mail: servers as settings name them, letters written, and mails of strangers read into values."""
