"""What each command does, callable from Python: reads, computes, writes; prints nothing.

What is named here is loaded when it is first used, so that a command loads only what it needs.
"""

from importlib import import_module
from typing import Any

_HOMES = {
    "run_agree": "siting.pipeline.agreed_slots",
    "run_police": "siting.pipeline.engaging",
    "run_calibrate": "siting.pipeline.reference_report",
    "run_observed": "siting.pipeline.observed_drives",
    "Outcome": "siting.pipeline.outcome",
    "check": "siting.pipeline.evaluating",
    "engagement_area": "siting.pipeline.engaging",
    "evaluate": "siting.pipeline.evaluating",
    "evaluate_and_trace": "siting.pipeline.evaluating",
    "after_withdrawal": "siting.pipeline.registering",
    "is_withdrawn": "siting.pipeline.registering",
    "to_tell_of_withdrawal": "siting.pipeline.registering",
    "told_of_withdrawal": "siting.pipeline.registering",
    "export_log": "siting.pipeline.registering",
    "forget_log": "siting.pipeline.registering",
    "make_report": "siting.pipeline.choosing",
    "map_subject": "siting.pipeline.subjects",
    "network_source": "siting.pipeline.evaluating",
    "read_last_pack": "siting.pipeline.last_pack",
    "read_log": "siting.pipeline.registering",
    "register_path": "siting.pipeline.registering",
    "run_all": "siting.pipeline.main_job",
    "run_area": "siting.pipeline.roads",
    "run_decide": "siting.pipeline.engaging",
    "run_engage": "siting.pipeline.engaging",
    "run_forget": "siting.pipeline.forgetting",
    "run_evaluation": "siting.pipeline.evaluating",
    "run_isochrones": "siting.pipeline.roads",
    "run_log": "siting.pipeline.registering",
    "run_map": "siting.pipeline.mapping",
    "run_portfolio": "siting.pipeline.choosing",
    "run_screen": "siting.pipeline.screen",
    "run_times": "siting.pipeline.roads",
    "run_why": "siting.pipeline.engaging",
    "start_folder": "siting.pipeline.new_plan",
    "welsh_of_papers": "engagement.papers.welsh_sentences",
    "write_choice": "siting.pipeline.choosing",
    "write_evaluation": "siting.pipeline.evaluating",
    "write_packs": "siting.pipeline.engaging",
    "HouseAsker": "siting.pipeline.house",
    "run_house": "siting.pipeline.house",
    "run_compare": "siting.pipeline.comparing",
    "compare_runs": "siting.pipeline.comparing",
    "list_runs": "siting.pipeline.run_history",
    "read_run": "siting.pipeline.run_history",
    "start_sample": "siting.pipeline.starting",
    "start_plan": "siting.pipeline.starting",
    "PlanAnswers": "siting.pipeline.starting",
    "write_starters": "siting.pipeline.starters",
    "ground_of": "siting.pipeline.map_ground",
    "Chooser": "siting.pipeline.live_choice",
    "NamedChoice": "siting.pipeline.choices_by_name",
    "named_choices": "siting.pipeline.choices_by_name",
    "name_choice": "siting.pipeline.choices_by_name",
    "forget_choice": "siting.pipeline.choices_by_name",
    "now": "siting.pipeline.choices_by_name",
    "list_choices": "siting.pipeline.choices_by_command",
    "keep_choice": "siting.pipeline.choices_by_command",
    "take_choice_away": "siting.pipeline.choices_by_command",
    "why_not": "siting.pipeline.choices_by_command",
    "less_money": "siting.pipeline.choices_by_command",
    "bring": "siting.pipeline.bringing_tables",
    "bring_own": "siting.pipeline.bringing_tables",
    "put_back": "siting.pipeline.bringing_tables",
    "show_table": "siting.pipeline.bringing_tables",
    "correct_table": "siting.pipeline.bringing_tables",
    "use_table": "siting.pipeline.bringing_tables",
    "brought_tables": "siting.pipeline.bringing_tables",
    "run_boundary": "siting.pipeline.bounding_by_command",
    "show_boundary": "siting.pipeline.bounding",
    "confirm_boundary": "siting.pipeline.bounding",
    "take_boundary_back": "siting.pipeline.bounding",
    "bring_boundary_back": "siting.pipeline.bounding",
    "attached": "siting.pipeline.attaching",
    "attach": "siting.pipeline.attaching",
    "detach": "siting.pipeline.attaching",
    "find_schools": "siting.pipeline.attaching",
    "first_school": "siting.pipeline.attaching",
    "place_gate": "siting.pipeline.attaching",
    "visit_board": "siting.pipeline.visiting",
    "bring_day_back": "siting.pipeline.registering",
    "Noted": "siting.pipeline.registering",
    "DAY_EVENTS": "siting.pipeline.registering",
    "add_home": "siting.pipeline.bringing_tables",
    "PHOTOGRAPHS": "siting.pipeline.photographs",
    "PICTURES": "siting.pipeline.photographs",
    "file_stem": "siting.pipeline.photographs",
    "photographs_of": "siting.pipeline.photographs",
    "take_photograph_away": "siting.pipeline.photographs",
    "bring_photograph_back": "siting.pipeline.photographs",
    "private_folder": "siting.storage.copies",
    "clear_remnants": "siting.storage.staging",
    "clear_copies": "siting.storage.copies",
    "decode_text": "siting.storage.decoding",
    "read_number": "siting.inputs.values",
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    """Load a job.

    Raises
    ------
    AttributeError
        Where there is no such job.
    """
    if name not in _HOMES:
        msg = f"module 'siting.pipeline' has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(_HOMES[name]), name)
