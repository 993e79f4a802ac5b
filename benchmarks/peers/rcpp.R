# A loop in C++ written by hand, with R's generator, compiled by Rcpp.

source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))), "job.R"))

Rcpp::cppFunction(plugins = "cpp11", '
Rcpp::IntegerMatrix walk(Rcpp::NumericMatrix cumulated, Rcpp::NumericVector stay,
                         Rcpp::IntegerVector level, Rcpp::IntegerVector age_band,
                         Rcpp::IntegerVector time_band, Rcpp::IntegerVector state,
                         Rcpp::IntegerVector age, Rcpp::IntegerVector elapsed,
                         int n_ages, int n_times) {
  // Destinations stand in rows of the matrix: C++ reads a column of R in one piece.
  int n_states = cumulated.nrow(), n_months = level.size();
  Rcpp::IntegerMatrix stock(n_months, n_states);
  for (int i = 0; i < state.size(); ++i) {
    int s = state[i], held = elapsed[i];
    for (int month = 0; month < n_months; ++month) {
      stock(month, s) += 1;
      if (s == n_states - 1) continue;
      int row = ((level[month] * n_ages + age_band[age[i] + month]) * n_times + time_band[held]) *
        n_states + s;
      double u = unif_rand();
      ++held;
      if (u < stay[row]) continue;
      u -= stay[row];
      const double* reach = &cumulated(0, row);
      int to = 0;
      while (to < n_states - 1 && u >= reach[to]) ++to;
      s = to;
      held = 0;
    }
  }
  return stock;
}')

run <- function(job) {
  state <- rep(seq_len(job$n_states), length.out = nrow(job$p))
  own <- cbind(seq_len(nrow(job$p)), state)
  going <- job$p
  going[own] <- 0
  cumulated <- apply(going, 1, cumsum)
  stock <- walk(cumulated, job$p[own], job$level, job$age_band, job$time_band,
                job$state, job$age, job$elapsed, job$n_ages, job$n_times)
  by_year(stock)
}

measure(run, "Rcpp", remarks = "C++ written by hand; who has left is not drawn for")
