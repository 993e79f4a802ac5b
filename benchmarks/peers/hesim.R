# hesim: an individual continuous-time model, clock reset, piecewise exponential times by destination.

source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))), "job.R"))
suppressPackageStartupMessages({library(data.table); library(hesim)})

n_samples <- 10

model_of <- function(job) {
  n_steps <- job$n_states - 1
  row <- function(band, step) (band - 1) * job$n_states + step
  # Hazards that give the monthly probabilities: those of leaving, split as the probabilities are.
  hazard <- function(band, from, to) {
    leave <- 1 - job$p[row(band, from), from]
    -log1p(-leave) * job$p[row(band, from), to] / leave
  }
  trans_mat <- matrix(NA, job$n_states, job$n_states)
  params <- list()
  edges <- c(0, which(diff(job$time_band) > 0))
  for (from in seq_len(n_steps)) for (to in setdiff(seq_len(job$n_states), from)) {
    trans_mat[from, to] <- length(params) + 1
    coefs <- lapply(seq_len(job$n_times), function(band) {
      matrix(log(hazard(band, from, to)), n_samples, 1, dimnames = list(NULL, "intercept"))
    })
    names(coefs) <- paste0("rate", seq_along(coefs))
    params[[length(params) + 1]] <- params_surv(coefs, "pwexp", list(time = edges))
  }
  patients <- data.table(patient_id = seq_len(job$n), intercept = 1)
  data <- expand(hesim_data(strategies = data.table(strategy_id = 1), patients = patients))
  trans_model <- create_IndivCtstmTrans(
    do.call(params_surv_list, params), input_data = data, trans_mat = trans_mat,
    clock = "reset", start_state = job$state + 1, start_age = 0
  )
  IndivCtstm$new(trans_model = trans_model)
}

run <- function(job) {
  model <- model_of(job)
  model$sim_disease(max_t = job$n_months, max_age = Inf)
  model$sim_stateprobs(t = seq(0, job$n_months - 1))
  probs <- model$stateprobs_[, .(children = sum(prob) * job$n), keyby = .(t, state_id)]
  by_year(matrix(probs$children, nrow = job$n_months, byrow = TRUE))
}

measure(
  run, "hesim", n_at_once = n_samples,
  simplifications = "no age, no calendar, everybody new on the step at the start; continuous time",
  remarks = "10 draws in one call, probabilities of states by month"
)
