#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace weft::layers {

/// The folders from the lowest layer to the highest. A file includes files of its own layer and of those
/// before it.
const std::vector<std::string>& order();

/// Checks every source file and CMakeLists.txt of the layers under `root`:
///   - #include "..." goes to the same or a lower layer and is written from the root; kernels may read the op
///   table;
///   - libraries with one door are included behind it only: Boost.Spirit in lang/syntax/*.cpp, oneTBB in
///     kernels/team_tbb.cpp, CUDA in kernels/cuda/, ICU and SentencePiece in nlp/text/, BLAS in kernels/;
///   - a layer's CMake target links no higher layer.
/// Returns one line a fault, "FILE:LINE: what", in the order of the files' names; layers that are not there
/// are skipped.
std::vector<std::string> check(const std::filesystem::path& root);

}  // namespace weft::layers
