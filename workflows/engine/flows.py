from viewflow.workflow.flow import Flow
from viewflow.workflow.lock import SelectForUpdateLock


class EngineFlow(Flow):
    """What every flow of ours starts from.

    The row lock is what lets only one of two people complete a task: Viewflow's
    own default lets both.
    """

    lock_impl = SelectForUpdateLock(nowait=False, attempts=1)
