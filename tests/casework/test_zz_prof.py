import time, collections
from datetime import UTC, datetime
import pytest
from redress.plumbing import home
pytestmark = pytest.mark.django_db(transaction=True)
def test_it(settings, tmp_path):
    from django.db import connection
    from redress.server import demonstration
    from redress.access.step import Step
    settings.REDRESS_DEMONSTRATION=True; settings.REDRESS_HOME=tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    home.Home(tmp_path).make()
    n=collections.Counter(); q=collections.Counter(); cur=["-"]; cpu=collections.Counter()
    old=Step.__call__
    def call(self,*a,**k):
        b=cur[0]; cur[0]=self.info.name; n[cur[0]]+=1; c=time.process_time()
        try: return old(self,*a,**k)
        finally:
            cpu[cur[0]]+=time.process_time()-c; cur[0]=b
    Step.__call__=call
    def wrap(execute, sql, params, many, context):
        q[cur[0]]+=1
        return execute(sql, params, many, context)
    c=time.process_time()
    marks=[]
    with connection.execute_wrapper(wrap):
        demonstration.make(lambda s: marks.append((round(time.process_time()-c,1), s)), count=48, processes=1, now=datetime(2026,11,23,11,tzinfo=UTC))
    Step.__call__=old
    print(marks)
    print("cpu", time.process_time()-c, "queries", sum(q.values()))
    for name,k in q.most_common(40): print(f"{name:40} calls {n[name]:4} queries {k:6} cpu {cpu[name]:.2f}")
