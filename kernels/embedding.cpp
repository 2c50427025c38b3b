#include "kernels/embedding.h"

namespace weft {

namespace isa_baseline {
extern const EmbeddingKernels kEmbeddingKernels;
}
#ifdef WEFT_X86_64
namespace isa_v3 {
extern const EmbeddingKernels kEmbeddingKernels;
}
namespace isa_v4 {
extern const EmbeddingKernels kEmbeddingKernels;
}
#endif

const EmbeddingKernels* embedding_kernels(InstructionSet set) {
  if (!is_supported(set)) return nullptr;
#ifdef WEFT_X86_64
  if (set == InstructionSet::v3) return &isa_v3::kEmbeddingKernels;
  if (set == InstructionSet::v4) return &isa_v4::kEmbeddingKernels;
#endif
  return &isa_baseline::kEmbeddingKernels;
}

const EmbeddingKernels& embedding_kernels() {
  static const EmbeddingKernels& best = *embedding_kernels(best_instruction_set());
  return best;
}

}  // namespace weft
