"""The commands of `scalinglaws`: each module declares the options of one command, or of a small family, and runs it."""

#: Exit statuses: it was done, the question has no answer, the call is wrong.
DONE, NO_ANSWER, WRONG_CALL = 0, 1, 2
