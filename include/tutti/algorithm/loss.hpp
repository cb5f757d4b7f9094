#pragma once
// The losses of the GLMs, as kernels see them: from linear predictors and a target to loss, residuals and curvatures.
//
// A loss has `outputs()` linear predictors a sample. `evaluate` writes what the gradient and the Hessian need, each
// times the sample's weight:
//
//     residual[k]       d loss / d z_k
//     curvature[k, l]   d^2 loss / d z_k d z_l, k <= l, row after row of the triangle

#include <tutti/core/math.hpp>
#include <tutti/core/view.hpp>

namespace tutti {

/// Binary cross entropy of the logit link: log(1 + e^z) - y z, y in {0, 1}.
struct binomial_loss {
  static constexpr index outputs() { return 1; }

  /// z, residual, curvature: one number a lane, `stride` apart from one output to the next.
  template <class V, class T>
  constexpr V evaluate(const T* z, const V& y, const V& weight, T* residual, T* curvature, index) const {
    const V zero = V::all(T(0)), one = V::all(T(1));
    const V x = V::load(z);
    const auto positive = zero < x;
    const V e = math::exp(select(positive, zero - x, x));  // at most 1
    const V mean = select(positive, one, e) / (one + e);
    (weight * (mean - y)).store(residual);
    (weight * (mean * (one - mean))).store(curvature);
    return weight * ((math::log1p(e) + max(zero, x)) - y * x);
  }
};

/// Cross entropy of the symmetric softmax over k classes: log(sum e^z) - z_y, y in {0, ..., k - 1}.
struct softmax_loss {
  index classes = 2;

  constexpr index outputs() const { return classes; }

  template <class V, class T>
  constexpr V evaluate(const T* z, const V& y, const V& weight, T* residual, T* curvature, index stride) const {
    V largest = V::load(z), target = V::all(T(0)), sum = V::all(T(0));
    for (index k = 1; k < classes; ++k) largest = max(V::load(z + k * stride), largest);
    for (index k = 0; k < classes; ++k) {
      const V x = V::load(z + k * stride) - largest, e = math::exp(x);
      target = target + is_class(y, k) * x;
      e.store(residual + k * stride);
      sum = sum + e;
    }
    for (index k = 0; k < classes; ++k) (V::load(residual + k * stride) / sum).store(residual + k * stride);
    for (index k = 0; k < classes; ++k) {
      const V p = V::load(residual + k * stride), weighted = weight * p;
      (weighted * (V::all(T(1)) - p)).store(curvature);
      curvature += stride;
      for (index l = k + 1; l < classes; ++l, curvature += stride)
        (V::all(T(0)) - weighted * V::load(residual + l * stride)).store(curvature);
    }
    for (index k = 0; k < classes; ++k)
      (weight * (V::load(residual + k * stride) - is_class(y, k))).store(residual + k * stride);
    return weight * (math::log(sum) - target);
  }

 private:
  /// 1 where y is k, else 0.
  template <class V>
  static constexpr V is_class(const V& y, index k) {
    using T = typename V::value_type;
    const V one = V::all(T(1)), zero = V::all(T(0)), at = V::all(T(k));
    return select(y < at, zero, select(at < y, zero, one));
  }
};

}  // namespace tutti
