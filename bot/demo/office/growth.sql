-- forget: A house that has run without anybody in it has looked at weeks in which nobody could complain.
DELETE FROM complaint_weeks
