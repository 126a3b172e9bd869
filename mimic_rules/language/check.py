# SPDX-License-Identifier: Apache-2.0
"""Checks of a whole model: whether its parts fit together.

On the way of a rule: after `gather` has put all items in their places, before the compiler lowers them. Only what has
no errors is lowered, so that the compiler and the engine can rely on what is checked here.
"""

from mimic_rules.language.check_definitions import prepare_definitions
from mimic_rules.language.check_examples import check_example
from mimic_rules.language.check_lifecycles import check_lifecycle, prepare_carried
from mimic_rules.language.check_locks import check_lock, states_set
from mimic_rules.language.check_meetings import check_meetings
from mimic_rules.language.check_operations import check_operations
from mimic_rules.language.check_resources import (
    check_homes,
    check_resource,
    check_views,
)
from mimic_rules.language.check_rules import check_rule
from mimic_rules.language.check_services import (
    check_belongings,
    check_service,
    check_settings,
)
from mimic_rules.language.model import Model, operations_of
from mimic_rules.language.report import Report
from mimic_rules.language.scope import Context


def check(model: Model, report: Report) -> None:
    """Report everything in a model that does not fit; never raises."""
    context = Context(model, report)
    prepare_carried(context)
    prepare_definitions(context)
    verbs, reached = operations_of(model), states_set(model)
    check_settings(context)
    for service in model.services.values():
        check_service(service, context)
        check_homes(service, context)
        for resource in service.own():
            check_resource(resource, service, context)
            for name, lifecycle in resource.lifecycles.items():
                check_lifecycle(lifecycle, resource, verbs, reached[resource.kind, name], context)
        for resource in service.resources.values():
            check_views(resource, service, context)
        check_belongings(service, context)
        for lock in service.locks:
            check_lock(lock, service, verbs, context)
        check_operations(service, context)
    for rule in model.rules:
        check_rule(rule, verbs, context)
    check_meetings(context)
    for example in model.examples:
        check_example(example, context)
