"""What is known of the sample's towns: whose they are, and the river. Entered by hand from general knowledge."""

AUTHORITY_OF_TOWN = {
    "High Wycombe": "Buckinghamshire", "Beaconsfield": "Buckinghamshire", "Gerrards Cross": "Buckinghamshire",
    "Marlow": "Buckinghamshire", "Amersham": "Buckinghamshire", "Great Missenden": "Buckinghamshire",
    "Wendover": "Buckinghamshire", "Aylesbury": "Buckinghamshire", "Buckingham": "Buckinghamshire",
    "Princes Risborough": "Buckinghamshire", "Stokenchurch": "Buckinghamshire", "Chesham": "Buckinghamshire",
    "Oxford": "Oxfordshire", "Wheatley": "Oxfordshire", "Bicester": "Oxfordshire", "Thame": "Oxfordshire",
    "Henley": "Oxfordshire", "Wallingford": "Oxfordshire", "Didcot": "Oxfordshire", "Abingdon": "Oxfordshire",
    "Hemel Hempstead": "Hertfordshire", "Berkhamsted": "Hertfordshire", "Tring": "Hertfordshire",
    "St Albans": "Hertfordshire", "Hatfield": "Hertfordshire", "Watford": "Hertfordshire", "Rickmansworth": "Hertfordshire",
    "Milton Keynes": "Milton Keynes", "Bracknell": "Bracknell Forest", "Reading": "Reading", "Slough": "Slough",
    "Maidenhead": "Windsor and Maidenhead", "Windsor": "Windsor and Maidenhead", "Uxbridge": "Hillingdon",
    "Leighton Buzzard": "Central Bedfordshire", "Dunstable": "Central Bedfordshire", "Luton": "Luton",
}  # fmt: skip

THAMES = [  # latitude, longitude
    (51.750, -1.268), (51.713, -1.240), (51.668, -1.275), (51.650, -1.210), (51.600, -1.122), (51.523, -1.135),
    (51.484, -1.080), (51.462, -0.955), (51.505, -0.890), (51.537, -0.900), (51.566, -0.772), (51.524, -0.703),
    (51.486, -0.607), (51.432, -0.510),
]  # fmt: skip
