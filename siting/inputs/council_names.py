"""The councils of England and Wales that look after children, by their plain names.

As of April 2023 (the last reorganisation that is in force), after the names in the Office for
National Statistics' list of counties and unitary authorities (Open Government Licence).
"""

import re
from unicodedata import normalize

COUNCIL_NAMES: frozenset[str] = frozenset({
    "Barking and Dagenham", "Barnet", "Barnsley", "Bath and North East Somerset", "Bedford", "Bexley", "Birmingham",
    "Blackburn with Darwen", "Blackpool", "Bolton", "Bournemouth Christchurch and Poole", "Bracknell Forest", "Bradford",
    "Brent", "Brighton and Hove", "Bristol", "Bromley", "Buckinghamshire", "Bury", "Calderdale", "Cambridgeshire",
    "Camden", "Central Bedfordshire", "Cheshire East", "Cheshire West and Chester", "City of London", "Cornwall",
    "Coventry", "Croydon", "Cumberland", "Darlington", "Derby", "Derbyshire", "Devon", "Doncaster", "Dorset", "Dudley",
    "Durham", "Ealing", "East Riding of Yorkshire", "East Sussex", "Enfield", "Essex", "Gateshead", "Gloucestershire",
    "Greenwich", "Hackney", "Halton", "Hammersmith and Fulham", "Hampshire", "Haringey", "Harrow", "Hartlepool",
    "Havering", "Herefordshire", "Hertfordshire", "Hillingdon", "Hounslow", "Isle of Wight", "Isles of Scilly",
    "Islington", "Kensington and Chelsea", "Kent", "Kingston upon Hull", "Hull", "Kingston upon Thames", "Kirklees",
    "Knowsley", "Lambeth", "Lancashire", "Leeds", "Leicester", "Leicestershire", "Lewisham", "Lincolnshire", "Liverpool",
    "Luton", "Manchester", "Medway", "Merton", "Middlesbrough", "Milton Keynes", "Newcastle upon Tyne", "Newham",
    "Norfolk", "North East Lincolnshire", "North Lincolnshire", "North Northamptonshire", "North Somerset",
    "North Tyneside", "North Yorkshire", "Northumberland", "Nottingham", "Nottinghamshire", "Oldham", "Oxfordshire",
    "Peterborough", "Plymouth", "Portsmouth", "Reading", "Redbridge", "Redcar and Cleveland", "Richmond upon Thames",
    "Rochdale", "Rotherham", "Rutland", "Salford", "Sandwell", "Sefton", "Sheffield", "Shropshire", "Slough", "Solihull",
    "Somerset", "South Gloucestershire", "South Tyneside", "Southampton", "Southend on Sea", "Southwark", "St Helens",
    "Staffordshire", "Stockport", "Stockton on Tees", "Stoke on Trent", "Suffolk", "Sunderland", "Surrey", "Sutton",
    "Swindon", "Tameside", "Telford and Wrekin", "Thurrock", "Torbay", "Tower Hamlets", "Trafford", "Wakefield",
    "Walsall", "Waltham Forest", "Wandsworth", "Warrington", "Warwickshire", "West Berkshire", "West Northamptonshire",
    "West Sussex", "Westminster", "Westmorland and Furness", "Wigan", "Wiltshire", "Windsor and Maidenhead", "Wirral",
    "Wokingham", "Wolverhampton", "Worcestershire", "York", "Blaenau Gwent", "Bridgend", "Caerphilly", "Cardiff",
    "Carmarthenshire", "Ceredigion", "Conwy", "Denbighshire", "Flintshire", "Gwynedd", "Isle of Anglesey",
    "Merthyr Tydfil", "Monmouthshire", "Neath Port Talbot", "Newport", "Pembrokeshire", "Powys", "Rhondda Cynon Taf",
    "Swansea", "Torfaen", "Vale of Glamorgan", "Wrexham",
})  # fmt: skip

OTHER_COUNCIL_NAMES: frozenset[str] = frozenset({
    "Adur", "Amber Valley", "Arun", "Ashfield", "Ashford", "Babergh", "Basildon", "Basingstoke and Deane", "Bassetlaw",
    "Blaby", "Bolsover", "Boston", "Braintree", "Breckland", "Brentwood", "Broadland", "Bromsgrove", "Broxbourne",
    "Broxtowe", "Burnley", "Cambridge", "Cannock Chase", "Canterbury", "Castle Point", "Charnwood", "Chelmsford",
    "Cheltenham", "Cherwell", "Chesterfield", "Chichester", "Chorley", "Colchester", "Cotswold", "Crawley", "Dacorum",
    "Dartford", "Derbyshire Dales", "Dover", "East Cambridgeshire", "East Devon", "East Hampshire", "East Hertfordshire",
    "East Herts", "East Lindsey", "East Staffordshire", "East Suffolk", "Eastbourne", "Eastleigh", "Elmbridge",
    "Epping Forest", "Epsom and Ewell", "Erewash", "Exeter", "Fareham", "Fenland", "Folkestone and Hythe",
    "Forest of Dean", "Fylde", "Gedling", "Gloucester", "Gosport", "Gravesham", "Great Yarmouth", "Guildford",
    "Harborough", "Harlow", "Hart", "Hastings", "Havant", "Hertsmere", "High Peak", "Hinckley and Bosworth", "Horsham",
    "Huntingdonshire", "Hyndburn", "Ipswich", "King's Lynn and West Norfolk", "Lancaster", "Lewes", "Lichfield",
    "Lincoln", "Maidstone", "Maldon", "Malvern Hills", "Mansfield", "Melton", "Mid Devon", "Mid Suffolk", "Mid Sussex",
    "Mole Valley", "New Forest", "Newark and Sherwood", "Newcastle under Lyme", "North Devon", "North East Derbyshire",
    "North Hertfordshire", "North Herts", "North Kesteven", "North Norfolk", "North Warwickshire",
    "North West Leicestershire", "Norwich", "Nuneaton and Bedworth", "Oadby and Wigston", "Oxford", "Pendle", "Preston",
    "Redditch", "Reigate and Banstead", "Ribble Valley", "Rochford", "Rossendale", "Rother", "Rugby", "Runnymede",
    "Rushcliffe", "Rushmoor", "Sevenoaks", "South Cambridgeshire", "South Derbyshire", "South Hams", "South Holland",
    "South Kesteven", "South Norfolk", "South Oxfordshire", "South Ribble", "South Staffordshire", "Spelthorne",
    "St Albans", "Stafford", "Staffordshire Moorlands", "Stevenage", "Stratford on Avon", "Stroud", "Surrey Heath",
    "Swale", "Tamworth", "Tandridge", "Teignbridge", "Tendring", "Test Valley", "Tewkesbury", "Thanet", "Three Rivers",
    "Tonbridge and Malling", "Torridge", "Tunbridge Wells", "Uttlesford", "Vale of White Horse", "Warwick", "Watford",
    "Waverley", "Wealden", "Welwyn Hatfield", "West Devon", "West Lancashire", "West Lindsey", "West Oxfordshire",
    "West Suffolk", "Winchester", "Woking", "Worcester", "Worthing", "Wychavon", "Wyre", "Wyre Forest",
    "Aberdeen", "Aberdeenshire", "Angus", "Argyll and Bute", "Clackmannanshire", "Dumfries and Galloway", "Dundee",
    "East Ayrshire", "East Dunbartonshire", "East Lothian", "East Renfrewshire", "Edinburgh", "Falkirk", "Fife",
    "Glasgow", "Highland", "Inverclyde", "Midlothian", "Moray", "Na h-Eileanan Siar", "North Ayrshire",
    "North Lanarkshire", "Orkney Islands", "Perth and Kinross", "Renfrewshire", "Scottish Borders", "Shetland Islands",
    "South Ayrshire", "South Lanarkshire", "Stirling", "West Dunbartonshire", "West Lothian",
})  # fmt: skip
"""Districts of England, in which a home may stand, and the councils of Scotland: names that are never doubted."""


def plain_name(name: str) -> str:
    """Strip an authority's name of what files write differently: case, `Council`, `County`, `&`, the accents of Welsh.

    Figures stay: Ward 1 and Ward 2 are two, and so are two codes of the Office for National Statistics.
    """
    letters = normalize("NFKD", name.lower().replace("&", " and ").replace("-", " "))
    words = re.sub(r"[^a-z0-9 ]", "", letters)
    words = re.sub(r"\b(council|county|borough|unitary|authority|royal|city|district|london|metropolitan|of|the)\b", "", words)
    return " ".join(words.split()) or name.lower().strip()
