#pragma once
// Every learner, the metrics, the data readers and the policy that needs nothing, `seq`. Include the other policies
// beside it: each needs its own library. Building blocks (algorithm/) are included one by one.

#include <tutti/core/error.hpp>
#include <tutti/core/labels.hpp>
#include <tutti/core/learner.hpp>
#include <tutti/core/matrix.hpp>
#include <tutti/core/random.hpp>
#include <tutti/core/version.hpp>
#include <tutti/core/view.hpp>

#include <tutti/policy/seq.hpp>

#include <tutti/data/csv.hpp>
#include <tutti/data/libsvm.hpp>
#include <tutti/data/model_file.hpp>
#include <tutti/data/npy.hpp>
#include <tutti/data/split.hpp>
#include <tutti/data/synthetic.hpp>

#include <tutti/ensemble/extra_trees.hpp>
#include <tutti/ensemble/random_forest.hpp>
#include <tutti/linear_model/linear_regression.hpp>
#include <tutti/linear_model/logistic_regression.hpp>
#include <tutti/linear_model/ridge.hpp>
#include <tutti/metrics/classification.hpp>
#include <tutti/metrics/ranking.hpp>
#include <tutti/metrics/regression.hpp>
#include <tutti/naive_bayes/gaussian_nb.hpp>
#include <tutti/neighbors/k_neighbors.hpp>
#include <tutti/neighbors/local_outlier_factor.hpp>
#include <tutti/neighbors/nearest_centroid.hpp>
#include <tutti/neighbors/nearest_neighbors.hpp>
#include <tutti/neighbors/radius_neighbors.hpp>
#include <tutti/preprocessing/standard_scaler.hpp>
#include <tutti/tree/decision_tree.hpp>
#include <tutti/tree/estimate_memory.hpp>
