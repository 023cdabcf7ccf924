from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EngineConfig(AppConfig):
    name = "workflows.engine"
    verbose_name = _("Engine")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from community.acting import merging
        from community.privacy import holders, register
        from community.running import metrics
        from community.work import registry

        from . import deadlines, files, jobs, letters, merged, retention

        letters.register_all()
        merging.merging.connect(merged.go_on, dispatch_uid="engine")
        register.register(retention.ENTRY)
        register.register(retention.DRAFTS)
        holders.register(retention.HOLDER)
        register.holds_nobody(
            "The steps of a case. Who took one is the number of an account.",
            "engine.Job",
            "viewflow.Process",
            "viewflow.Task",
        )
        registry.register("jobs", jobs.run_due)
        metrics.register("jobs", "What the worker does for cases.", jobs.by_state)
        registry.register("deadlines", deadlines.reckon_due)
        registry.register("files", files.sweep)
        register.holds_nobody(
            "How many cases there are.",
            "engine.LastNumber",
        )
        register.holds_nobody(
            "How long a case may last, and the days that do not count. Why one was "
            "stopped or made longer goes with what was written in the case.",
            "engine.Deadline",
            "engine.Suspension",
            "engine.Holiday",
        )
        register.holds_nobody(
            "What mails about cases say. Who worded one is the number of an account.",
            "engine.Wording",
        )
