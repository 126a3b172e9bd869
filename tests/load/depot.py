# SPDX-License-Identifier: Apache-2.0
"""The service that is asked under load, the faults that its worlds have, and what each of them means to a client."""

DEPOT = """\
service depot "Depot" {
  mount /depot
  errors { fault, message }
  fault 404 unknown
  fault 413 overLimit
  fault 503 closed
  fault else refused
}
for depot

resource crate in world { id sequence  label text  count int = 0  status lifecycle }
lifecycle of crate.status {
  state NEW
  state READY
  state ERROR
  start NEW
  NEW -> READY after 10s
  any -> ERROR on spoil
}
view crate.full { id  label  count  status }
operation create crate POST /crates body { label: text } {
  create crate { label: body.label }
  answer 201 crate as full
}
operation list crate GET /crates { list crate as full {} }
operation show crate GET /crates/{id} { answer 200 self as full }
operation bump crate POST /crates/{id}/bump {
  set count = count + 1
  answer 200 self as full
}
operation spoil crate POST /crates/{id}/spoil { answer 202 }
operation delete crate DELETE /crates/{id} { delete self  answer 204 }

for depot.crate
when label starts with 'stuck' then status stays NEW
when label starts with 'broken' then status becomes ERROR after 5s
rule lost on create when label starts with 'lost' then respond 503 "the answer got lost" after commit
rule never on create when label starts with 'never' then respond 503 "nothing happens" instead
rule dropped on create when label starts with 'dropped' then drop connection
rule slow on create when label starts with 'slow' then delay 20ms
"""

FLAKY = "for depot\nrule flaky on show crate only every 5th then respond 503 'every fifth look'"
EVERY = 5

STICKY = "for depot\nrule sticky on delete crate only 2 times per crate then respond 503 'twice for each'"
TWICE = 2

LIMIT = "for depot\nrule rate on bump crate then limit 10 per 60s respond 413 'slow down'"
PER_MINUTE = 10
MINUTE = 60.0

SHUT = "for depot\nrule shut on list crate then respond 503 'closed'"

# For the world that all clients share.
LATER = "for depot\nrule later on bump crate only 100 times then respond 503 'it counts all the same' after commit"
TIMES = 100
