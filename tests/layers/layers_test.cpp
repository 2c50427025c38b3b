#include "tests/layers/layers.h"

#include <stdlib.h>

#include <algorithm>
#include <fstream>

#include "tests/catch2.h"

namespace fs = std::filesystem;
using weft::layers::check;

namespace {

/// A small source tree in a folder of its own.
class Tree {
 public:
  Tree() {
    std::string name = (fs::temp_directory_path() / "weft-layers-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    root_ = name;
    // Everything the rules allow.
    write("kernels/view.h", "#include <cstddef>\n");
    write("kernels/team_tbb.cpp", "#include <tbb/parallel_for.h>\n#include \"kernels/view.h\"\n");
    write("kernels/table.cpp", "#include <cblas.h>\n#include \"tensor/ops.def\"\n");
    write("kernels/cuda/gemm.cu", "#include <cublas_v2.h>\n#include <cuda_runtime.h>\n");
    write("tensor/ops.def", "WEFT_OP(add, elementwise, hidden)\n");
    write("tensor/graph.h", "#include \"kernels/view.h\"\n");
    write("nlp/text/words.cpp", "#include <unicode/brkiter.h>\n#include <sentencepiece_processor.h>\n");
    write("lang/syntax/parse.cpp", "#include <boost/spirit/home/x3.hpp>\n// #include \"repl/main.h\"\n");
    write("lang/CMakeLists.txt", "weft_library(lang LINK weft_tensor weft_nlp)  # not weft_repl\n");
    write("repl/main.cpp", "#include \"lang/run.h\"\n#include \"corpora/dataset.h\"\n");
  }
  ~Tree() { fs::remove_all(root_); }
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;

  void write(const std::string& file, const std::string& text) const {
    fs::create_directories((root_ / file).parent_path());
    std::ofstream(root_ / file) << text;
  }
  const fs::path& root() const { return root_; }

 private:
  fs::path root_;
};

}  // namespace

TEST_CASE("every folder includes and links only its own layer and those below", "[layers]") {
  const fs::path root = WEFT_SOURCE_DIR;
  for (const auto& folder : {"kernels", "tensor", "nlp", "corpora", "lang", "repl"}) {
    INFO(folder);
    REQUIRE(fs::is_directory(root / folder));
  }
  std::string faults;
  for (const auto& fault : check(root)) faults += fault + "\n";
  CHECK(faults == "");
}

TEST_CASE("a tree that keeps the layers has no faults", "[layers]") {
  const Tree tree;
  CHECK(check(tree.root()).empty());
}

TEST_CASE("each rule finds a seeded violation", "[layers]") {
  struct Seed {
    std::string file, text, fault;
  };
  const auto seed = GENERATE(
      Seed{"kernels/a.cpp", "\n#include \"tensor/graph.h\"\n",
           "kernels/a.cpp:2: kernels includes tensor, a layer above it (\"tensor/graph.h\")"},
      Seed{"tensor/a.h", "#  include \"nlp/text/words.h\"\n",
           "tensor/a.h:1: tensor includes nlp, a layer above it (\"nlp/text/words.h\")"},
      Seed{"nlp/a.h", "#include \"corpora/dataset.h\"\n",
           "nlp/a.h:1: nlp includes corpora, a layer above it (\"corpora/dataset.h\")"},
      Seed{"corpora/a.h", "#include \"modules/cnn.h\"\n",
           "corpora/a.h:1: corpora includes modules, a layer above it (\"modules/cnn.h\")"},
      Seed{"lang/run/deep/a.cpp", "#include \"repl/progress.h\"\n",
           "lang/run/deep/a.cpp:1: lang includes repl, a layer above it (\"repl/progress.h\")"},
      Seed{"tensor/b.cpp", "#include \"tests/catch2.h\"\n",
           "tensor/b.cpp:1: includes \"tests/catch2.h\", which is not written as LAYER/FILE from the root"},
      Seed{"tensor/b.cpp", "#include \"graph.h\"\n",
           "tensor/b.cpp:1: includes \"graph.h\", which is not written as LAYER/FILE from the root"},
      Seed{"lang/syntax/a.h", "#include <boost/spirit/home/x3.hpp>\n",
           "lang/syntax/a.h:1: includes <boost/spirit/home/x3.hpp>: Boost.Spirit is for lang/syntax/*.cpp "
           "and parsers.h alone"},
      Seed{"lang/check/a.cpp", "#include <boost/fusion/include/adapt_struct.hpp>\n",
           "lang/check/a.cpp:1: includes <boost/fusion/include/adapt_struct.hpp>: Boost.Spirit is for "
           "lang/syntax/*.cpp and parsers.h alone"},
      Seed{"kernels/cpu/a.cpp", "#include <oneapi/tbb/task_arena.h>\n",
           "kernels/cpu/a.cpp:1: includes <oneapi/tbb/task_arena.h>: oneTBB is for kernels/team_tbb.cpp "
           "alone"},
      Seed{"corpora/a.cpp", "#include <execution>\n",
           "corpora/a.cpp:1: includes <execution>: oneTBB is for kernels/team_tbb.cpp alone"},
      Seed{"kernels/a.h", "#include <cuda_runtime.h>\n",
           "kernels/a.h:1: includes <cuda_runtime.h>: CUDA is for kernels/cuda/ alone"},
      Seed{"lang/a.cpp", "#include <unicode/uchar.h>\n",
           "lang/a.cpp:1: includes <unicode/uchar.h>: ICU is for nlp/text/ alone"},
      Seed{"corpora/a.cpp", "#include <sentencepiece_trainer.h>\n",
           "corpora/a.cpp:1: includes <sentencepiece_trainer.h>: SentencePiece is for nlp/text/ alone"},
      Seed{"tensor/a.cpp", "#include <cblas.h>\n",
           "tensor/a.cpp:1: includes <cblas.h>: BLAS is for kernels/ alone"},
      Seed{"tensor/CMakeLists.txt", "weft_library(tensor\n  LINK weft_kernels weft_lang)\n",
           "tensor/CMakeLists.txt:2: tensor links lang, a layer above it"});

  const Tree tree;
  tree.write(seed.file, seed.text);
  CHECK(check(tree.root()) == std::vector<std::string>{seed.fault});
}

TEST_CASE("several faults are all told, in the order of the files", "[layers]") {
  const Tree tree;
  tree.write("tensor/z.cpp", "#include \"repl/a.h\"\n#include <tbb/tbb.h>\n");
  tree.write("kernels/b.cpp", "#include \"lang/a.h\"\n");
  const auto faults = check(tree.root());
  REQUIRE(faults.size() == 3);
  CHECK(faults[0].starts_with("kernels/b.cpp:1: "));
  CHECK(faults[1].starts_with("tensor/z.cpp:1: "));
  CHECK(faults[2].starts_with("tensor/z.cpp:2: "));
}
