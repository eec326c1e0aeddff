"""An installation of Remit on a machine: its folders and keys, its PostgreSQL, its processes, its backup."""
