"""Cases: stages, points, happenings, clocks, holders, findings and links."""
