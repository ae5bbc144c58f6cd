"""Operations that make tables, carried out in one go: the state of the models is drawn up once, not after each of them.

For a migration that makes a whole database. Django draws up all related models anew after each operation, which took
ten times as long as making the tables.
"""

from django.db import migrations
from django.db.migrations.operations.base import Operation

MAKING = (migrations.CreateModel, migrations.AddField, migrations.AddIndex, migrations.AddConstraint)


class AtOnce(Operation):
    """`operations` are of the kinds in `MAKING`, of models that are all created here: each table is made as it is in
    the end, with its fields, indexes and constraints.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, operations):
        self.operations = operations
        self.names = [each.name for each in operations if isinstance(each, migrations.CreateModel)]
        created = {name.lower() for name in self.names}
        for each in operations:
            of = each.name if isinstance(each, migrations.CreateModel) else getattr(each, "model_name", "")
            if not isinstance(each, MAKING) or of.lower() not in created:
                raise TypeError(f"“{each.describe()}” belongs to no table that is made at once.")

    def deconstruct(self):
        return self.__class__.__qualname__, [self.operations], {}

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)  # drawn up again when somebody asks for it
        for each in self.operations:
            each.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for model in self._models(app_label, schema_editor, to_state):
            schema_editor.create_model(model)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for model in reversed(self._models(app_label, schema_editor, from_state)):
            schema_editor.delete_model(model)

    def _models(self, app_label, schema_editor, state):
        models = [state.apps.get_model(app_label, name) for name in self.names]
        return [model for model in models if self.allow_migrate_model(schema_editor.connection.alias, model)]

    def describe(self):
        return f"Create {len(self.names)} models with all that belongs to them"
