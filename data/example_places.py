"""Towns and main roads of Somerset and Powys, entered by hand from general knowledge (to about 300 m)."""

from generated_roads import Region

SOMERSET = Region(
    centre_m=(345_000.0, 132_000.0),
    radius_m=56_000.0,
    streets_radius_m=56_000.0,
    street_cell_m=450.0,
    places={
        "Taunton": (51.015, -3.100), "Bridgwater": (51.128, -3.004), "Yeovil": (50.942, -2.633), "Wells": (51.209, -2.647),
        "Glastonbury": (51.147, -2.718), "Street": (51.124, -2.740), "Shepton Mallet": (51.190, -2.546),
        "Frome": (51.230, -2.321), "Minehead": (51.204, -3.478), "Chard": (50.873, -2.966), "Ilminster": (50.926, -2.912),
        "Crewkerne": (50.883, -2.796), "Wellington": (50.978, -3.225), "Burnham-on-Sea": (51.239, -2.995),
        "Highbridge": (51.222, -2.970), "Cheddar": (51.277, -2.776), "Langport": (51.037, -2.828), "Somerton": (51.056, -2.728),
        "Ilchester": (51.002, -2.683), "Wincanton": (51.056, -2.411), "Williton": (51.161, -3.321), "Podimore": (51.028, -2.646),
        "M5 J22": (51.216, -2.947), "M5 J23": (51.163, -2.986), "M5 J24": (51.102, -2.992), "M5 J25": (51.019, -3.060),
        "M5 J26": (50.969, -3.203),
    },
    roads=[
        ("M5", "motorway", "70 mph", ["M5 J22", "M5 J23", "M5 J24", "M5 J25", "M5 J26"]),
        ("A38", "primary", "40 mph", ["Highbridge", "Bridgwater", "M5 J24", "Taunton", "Wellington"]),
        ("A39", "primary", "40 mph", ["Wells", "Glastonbury", "Street", "M5 J23", "Bridgwater", "Williton", "Minehead"]),
        ("A358", "primary", "40 mph", ["Williton", "Taunton", "M5 J25", "Ilminster", "Chard"]),
        ("A303", "trunk", "60 mph", ["Ilminster", "Ilchester", "Podimore", "Wincanton"]),
        ("A37", "primary", "40 mph", ["Yeovil", "Ilchester", "Podimore", "Shepton Mallet"]),
        ("A30", "primary", "40 mph", ["Chard", "Crewkerne", "Yeovil"]),
        ("A361", "primary", "40 mph", ["Taunton", "Street", "Glastonbury", "Shepton Mallet", "Frome"]),
        ("A371", "primary", "40 mph", ["Cheddar", "Wells", "Shepton Mallet", "Wincanton"]),
        ("A372", "secondary", "40 mph", ["Bridgwater", "Langport", "Podimore"]),
        ("A378", "secondary", "40 mph", ["Taunton", "Langport"]), ("B3153", "secondary", "40 mph", ["Langport", "Somerton"]),
        ("B3151", "secondary", "40 mph", ["Street", "Somerton", "Ilchester"]),
        ("B3139", "secondary", "40 mph", ["Highbridge", "Wells"]), ("B3140", "secondary", "30 mph", ["Burnham-on-Sea", "Highbridge"]),
        ("A38", "primary", "40 mph", ["Highbridge", "M5 J22"]), ("A38", "primary", "40 mph", ["Wellington", "M5 J26"]),
        ("A38", "primary", "40 mph", ["Taunton", "M5 J25"]), ("A356", "secondary", "40 mph", ["Crewkerne", "Ilminster"]),
    ],
)  # fmt: skip

POWYS = Region(
    centre_m=(305_000.0, 262_000.0),
    radius_m=62_000.0,
    streets_radius_m=62_000.0,
    street_cell_m=600.0,
    places={
        "Newtown": (52.512, -3.314), "Welshpool": (52.660, -3.147), "Llanidloes": (52.449, -3.539), "Machynlleth": (52.591, -3.853),
        "Llandrindod Wells": (52.242, -3.379), "Rhayader": (52.300, -3.511), "Builth Wells": (52.150, -3.405),
        "Brecon": (51.947, -3.391), "Hay-on-Wye": (52.075, -3.126), "Crickhowell": (51.859, -3.137), "Knighton": (52.344, -3.051),
        "Presteigne": (52.273, -3.006), "Llanfyllin": (52.766, -3.274), "Crossgates": (52.273, -3.342),
        "Ystradgynlais": (51.782, -3.757), "Talgarth": (51.996, -3.232), "Caersws": (52.517, -3.430), "Cemmaes Road": (52.640, -3.728),
    },
    roads=[
        ("A483", "trunk", "50 mph", ["Welshpool", "Newtown", "Crossgates", "Llandrindod Wells", "Builth Wells"]),
        ("A470", "trunk", "50 mph", ["Cemmaes Road", "Caersws", "Llanidloes", "Rhayader", "Builth Wells", "Talgarth", "Brecon"]),
        ("A489", "trunk", "50 mph", ["Machynlleth", "Cemmaes Road"]), ("A489", "primary", "50 mph", ["Caersws", "Newtown"]),
        ("A44", "trunk", "50 mph", ["Rhayader", "Crossgates", "Presteigne"]), ("A488", "primary", "50 mph", ["Crossgates", "Knighton"]),
        ("A40", "trunk", "50 mph", ["Crickhowell", "Brecon"]), ("A479", "trunk", "50 mph", ["Talgarth", "Crickhowell"]),
        ("A438", "primary", "50 mph", ["Talgarth", "Hay-on-Wye"]), ("A490", "primary", "50 mph", ["Welshpool", "Llanfyllin"]),
        ("A4067", "primary", "50 mph", ["Brecon", "Ystradgynlais"]), ("B4355", "secondary", "40 mph", ["Knighton", "Presteigne"]),
        ("B4355", "secondary", "40 mph", ["Newtown", "Knighton"]),
    ],
)  # fmt: skip
