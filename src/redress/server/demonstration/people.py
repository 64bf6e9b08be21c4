"""Who are the invented people? Names from everywhere that people come from, among them some that are hard to print.

Example: ``NAMES[0]`` is ("Mrs", "Grace Okafor").
"""

from __future__ import annotations

LONGEST = "Wilhelmina Theodora Constantia van der Meulen-Featherstonehaugh-Cholmondeley"
ARABIC = "ليلى عبد الرحمن الحسيني"
HEBREW = "נועה בן־דוד"

NAMES: tuple[tuple[str, str], ...] = (
    ("Mrs", "Grace Okafor"), ("Mr", "Peter Hargreaves"), ("Ms", "Lorna Whitlock"), ("Mr", "Ivan Petrov"),
    ("Mrs", "Sheila Brandt"), ("Mr", "Gareth Pugh"), ("Ms", "Chloe Barratt"), ("Mr", "Mohammed Iqbal"),
    ("Ms", "Zofia Wiśniewska"), ("Mr", "Owen ap Rhys"), ("Mrs", "Đặng Thị Hương"), ("Mr", "José Luís Araújo"),
    ("Ms", "Siobhán Ní Dhomhnaill"), ("Mr", "Kwame Boateng"), ("Mrs", "Parminder Kaur Gill"), ("Mr", "Li Wei"),
    ("Ms", "Anneliese Grünwald"), ("Mr", "Tomasz Błaszczykowski"), ("Dr", "Amara Nwosu"), ("Mrs", "Edna Ramsbottom"),
    ("Mr", "Yusuf Özdemir"), ("Ms", "Françoise Lefèvre"), ("Mr", "Harjit Singh Sandhu"), ("Mrs", "Doreen Tubb"),
    ("Mr", "Declan O’Rourke"), ("Ms", "Ngozi Adichie-Bello"), ("Mr", "Ravi Chandrasekaran"), ("Mrs", "Maureen Silcock"),
    ("Mr", "Björn Ångström"), ("Ms", "Tamsin Trelawney"), ("Mr", "Abdirahman Warsame"), ("Mrs", "Olena Kovalenko"),
    ("Mr", "Kevin Postlethwaite"), ("Ms", "Hatice Yıldız"), ("Mr", "Nnamdi Eze"), ("Mrs", "Rosa Ferreira"),
    ("Mr", "Stanley Buckthorpe"), ("Ms", "Mei-Ling Cheung"), ("Mr", "Rhodri Llewellyn"), ("Mrs", "Shabnam Akhtar"),
    ("Mr", "Piotr Żółkiewski"), ("Ms", "Bethan Prosser"), ("Mr", "Emeka Okonkwo"), ("Mrs", "Joan Entwistle"),
    ("Mr", "Luca Bianchi"), ("Ms", "Roya Farahani"), ("Mr", "Colin Thistlethwaite"), ("Mrs", "Beryl Hepplewhite"),
    ("Mr", "Samuel Oduya"), ("Ms", "Ines Carvalho"), ("Mr", "Dafydd Morgan"), ("Mrs", "Kamala Venkataraman"),
    ("Mr", "Arjun Desai"), ("Ms", "Fatoumata Diallo"), ("Mr", "George Ackroyd"), ("Mrs", "Nirmala Thapa"),
    ("Mx", "Robin Sedgwick"), ("Mr", "Viktor Lindqvist"), ("Ms", "Aoife Brennan"), ("Mr", "Denzil Campbell"),
    ("Mrs", "Marjorie Oakeshott"), ("Mr", "Cemal Aydın"), ("Ms", "Thandiwe Mokoena"), ("Mr", "Alan Birtwhistle"),
    ("Mrs", "Jelena Marković"), ("Mr", "Hugh Pemberton"), ("Ms", "Saoirse Kelly"), ("Mr", "Oluwaseun Adebayo"),
    ("", LONGEST), ("", ARABIC), ("", HEBREW), ("Ms", "=SUM(A1) Jones"),
)  # fmt: skip

REPRESENTATIVES: tuple[tuple[str, str], ...] = (
    ("Marcus Hale", "advocate"), ("Cllr Ann Doyle", "councillor"), ("Ruth Okafor", "relative"),
    ("Northmere Citizens’ Advice", "advocate"), ("Patricia Lindqvist", "relative"), ("Imran Sheikh", "solicitor"),
)  # fmt: skip

ADJUSTMENTS: tuple[tuple[str, str], ...] = (
    ("large-print", "Letters at 18 point"),
    ("contact", "Ring before 1pm and let it ring: she walks with a frame"),
    ("adjustment", "Write in short sentences, one thing at a time"),
    ("language", "Polish; an interpreter for anything on the telephone"),
    ("contact", "Does not hear well on the telephone: write"),
    ("vulnerability", "Lost his wife this summer"),
    ("adjustment", "Extra time to answer: allow ten working days"),
)  # fmt: skip
