# Plain R: the vectorised samplev of the DARTH tutorials, with the histories of states and costs.

source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))), "job.R"))

samplev <- function(p) {
  cumulated <- p %*% upper.tri(diag(ncol(p)), diag = TRUE)
  1 + rowSums(runif(nrow(p)) > cumulated[, -ncol(p), drop = FALSE])
}

run <- function(job) {
  states <- matrix(0, job$n, job$n_months)
  costs <- matrix(0, job$n, job$n_months)
  price <- c(seq(10e3, 100e3, length.out = job$n_states - 1), 0)
  state <- job$state + 1
  held <- job$elapsed
  for (month in seq_len(job$n_months)) {
    states[, month] <- state
    costs[, month] <- price[state]
    age_band <- job$age_band[job$age + month]
    row <- ((job$level[month] * job$n_ages + age_band) * job$n_times + job$time_band[held + 1]) *
      job$n_states + state
    came <- samplev(job$p[row, ])
    held <- ifelse(came == state, held + 1, 0)
    state <- came
  }
  sum(costs)
  by_year(t(apply(states, 2, tabulate, nbins = job$n_states)))
}

measure(run, character(), remarks = "history and cost matrices kept")
