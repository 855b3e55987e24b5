"""Why two things differ: their ancestries aligned by role, and where they first part."""
