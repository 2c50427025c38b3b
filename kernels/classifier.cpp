#include "kernels/classifier.h"

namespace weft {

// The compilations there are, by namespace (see isa.h).
namespace isa_baseline {
const ClassifierKernels& classifier_kernels();
}
#ifdef WEFT_X86_64
namespace isa_v3 {
const ClassifierKernels& classifier_kernels();
}
namespace isa_v4 {
const ClassifierKernels& classifier_kernels();
}
#endif

const ClassifierKernels* find_classifier_kernels(InstructionSet set) {
  if (!is_supported(set)) return nullptr;
#ifdef WEFT_X86_64
  if (set == InstructionSet::v3) return &isa_v3::classifier_kernels();
  if (set == InstructionSet::v4) return &isa_v4::classifier_kernels();
#endif
  return &isa_baseline::classifier_kernels();
}

const ClassifierKernels& classifier_kernels() {
  return *find_classifier_kernels(best_instruction_set());
}

}  // namespace weft
