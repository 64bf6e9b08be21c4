"""The things we do: every act of an officer, a resident or the timetable is a step in one of these files."""
