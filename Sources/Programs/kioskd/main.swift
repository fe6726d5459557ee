// The program is not wired yet.
