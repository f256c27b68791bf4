select pg_advisory_xact_lock(hashtextextended('quietude/territoire/' || @territoire, 0))
