# What every peer in R is given and what it answers; the same as job.py, from the table as text.

load_job <- function(path) {
  lines <- lapply(strsplit(readLines(path), " "), as.numeric)
  size <- lines[[1]]
  job <- list(
    n_months = size[1], n = size[2], n_ages = size[4], n_times = size[5], n_states = size[6],
    # One row for each level, age band, time band and state, in this order of ever faster change.
    p = matrix(lines[[2]], ncol = size[6], byrow = TRUE),
    level = lines[[3]], age_band = lines[[4]], time_band = lines[[5]],
    state = lines[[6]], age = lines[[7]], elapsed = lines[[8]]
  )
  job
}

# Stock by month, (T, S + 1), to child-months by year.
by_year <- function(stock) rowsum(stock, (seq_len(nrow(stock)) - 1) %/% 12)

processor <- function() sum(proc.time()[c("user.self", "sys.self")])

# `run(job)` returns child-months by year and state, summed over `n_at_once` runs.
measure <- function(run, packages, simplifications = "none", remarks = "", n_at_once = 1) {
  arguments <- commandArgs(trailingOnly = TRUE)
  job <- load_job(sub("npz$", "txt", arguments[1]))
  seconds <- as.numeric(arguments[3])
  start <- processor()
  run(job)
  first <- processor() - start
  months <- 0
  calls <- 0
  per_call <- c()
  in_repeat <- 1
  begun <- processor()
  while (length(per_call) < 3 || processor() - begun < seconds) {
    start <- processor()
    for (i in seq_len(in_repeat)) months <- months + run(job)
    calls <- calls + in_repeat
    per_call <- c(per_call, (processor() - start) / in_repeat)
    in_repeat <- max(1, round(0.25 / max(min(per_call), 0.001)))
  }
  rows <- apply(months, 1, function(row) paste0("[", paste(sprintf("%.0f", row), collapse = ","), "]"))
  versions <- vapply(packages, function(name) paste(name, packageVersion(name)), "")
  text <- function(value) paste0('"', value, '"')
  fields <- c(
    versions = paste0("[", if (length(versions)) paste(text(versions), collapse = ","), "]"),
    language = text(paste0("R ", R.version$major, ".", R.version$minor)),
    seconds_per_run = sprintf("%.9f", min(per_call) / n_at_once),
    seconds_first_run = sprintf("%.9f", first / n_at_once),
    months = paste0("[", paste(rows, collapse = ","), "]"),
    runs = calls * n_at_once,
    simplifications = text(simplifications),
    remarks = text(remarks)
  )
  json <- paste0("{", paste0('"', names(fields), '":', fields, collapse = ","), "}")
  writeLines(json, arguments[2])
}
