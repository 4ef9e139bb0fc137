"""For each kind of thing that is asked about: where it is in the path, by whose it is."""

from matrix_objects import (
    foreign_agreement,
    foreign_incident,
    foreign_query,
    foreign_request,
    foreign_ticket,
    foreign_wish,
    others_agreement,
    others_query,
    others_question,
    others_request,
    others_ticket,
    others_wish,
    own_agreement,
    own_incident,
    own_query,
    own_question,
    own_request,
    own_ticket,
    own_wish,
)

AGREEMENT = {
    "own": {"agreement_id": own_agreement},
    "other": {"agreement_id": others_agreement},
    "foreign": {"agreement_id": foreign_agreement},
    "gone": {"agreement_id": "0" * 12},
}
REQUEST = {
    "own": {"request_id": own_request},
    "other": {"request_id": others_request},
    "foreign": {"request_id": foreign_request},
    "gone": {"request_id": "0" * 12},
}
QUESTION = {
    "own": {"question": own_question},
    "other": {"question": others_question},
    "gone": {"question": "0" * 32},
}
QUERY = {
    "own": {"query_id": own_query},
    "other": {"query_id": others_query},
    "foreign": {"query_id": foreign_query},
    "gone": {"query_id": "0" * 12},
}
TICKET = {
    "own": {"ticket_id": own_ticket},
    "other": {"ticket_id": others_ticket},
    "foreign": {"ticket_id": foreign_ticket},
    "gone": {"ticket_id": "0" * 12},
}
WISH = {
    "own": {"wish_id": own_wish},
    "other": {"wish_id": others_wish},
    "foreign": {"wish_id": foreign_wish},
    "gone": {"wish_id": "0" * 12},
}
INCIDENT = {
    "own": {"incident": own_incident},
    "foreign": {"incident": foreign_incident},
    "gone": {"incident": "0" * 12},
}
