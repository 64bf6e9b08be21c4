"""What the law, the Codes and the council's own procedure require.

Plain Python without a database or a clock: what has happened, the calendar and today's date are handed in, and a
reading comes out.

Example::

    from redress.rulebook import calendar, clock, procedures

    edition = procedures.edition("corporate-complaint", date(2026, 11, 20))
    readings = clock.read(edition, happenings, calendar.england_and_wales(), today=date(2026, 11, 23))
    readings["stage-1-response"].sentence
"""
