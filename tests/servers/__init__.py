"""Real servers for tests and trials: mail in and out (Dovecot, SMTP) and a virus scanner (clamd).

Plain context managers, free of pytest, that run without root and clean up behind them::

    with mail_server("northmere") as mail:
        mail.deliver(raw, "complaints@northmere.example")
"""
