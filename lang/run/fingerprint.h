#pragma once

#include <filesystem>
#include <string>

namespace weft {

/// Size and hash of a file's bytes, to tell whether it is still the same: of a folder, of the names and sizes
/// of what is in it. "" where there is nothing to read.
std::string fingerprint(const std::filesystem::path& path);

}  // namespace weft
