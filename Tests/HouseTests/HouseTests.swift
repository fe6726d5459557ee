// No rule is proved here yet.
