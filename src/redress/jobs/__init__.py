"""The timetable: mailboxes, dispatch, scanning, reminders, nightly work."""
