#include "lang/run/scalars.h"

namespace weft {

void set_scalar(Tensor& t, double value) {
  switch (t.dtype()) {
    case DType::f32:
      t.values<float>()[0] = static_cast<float>(value);
      break;
    case DType::f64:
      t.values<double>()[0] = value;
      break;
    case DType::i32:
      t.values<std::int32_t>()[0] = static_cast<std::int32_t>(value);
      break;
    case DType::boolean:
      t.values<bool>()[0] = value != 0;
      break;
  }
}

}  // namespace weft
