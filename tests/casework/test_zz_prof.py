import cProfile, pstats, time
from datetime import UTC, datetime
import pytest
from redress.plumbing import home
pytestmark = pytest.mark.django_db(transaction=True)
def test_it(settings, tmp_path):
    from redress.server import demonstration
    settings.REDRESS_DEMONSTRATION=True; settings.REDRESS_HOME=tmp_path
    home.Home(tmp_path).make()
    pr=cProfile.Profile(); t=time.time(); c=time.process_time()
    pr.enable()
    demonstration.make(lambda s: print(round(time.time()-t,1), s), count=24, processes=1, now=datetime(2026,11,23,11,tzinfo=UTC))
    pr.disable()
    print("wall", time.time()-t, "cpu", time.process_time()-c)
    pstats.Stats(pr).sort_stats("cumtime").print_stats(75)
    pstats.Stats(pr).sort_stats("tottime").print_stats(25)
