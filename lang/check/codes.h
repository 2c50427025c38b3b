#pragma once

/// Codes of the checker's diagnostics: stable, one cause each. E01xx is syntax (lang/syntax).
namespace weft::code {

// names and axes
inline constexpr auto unknown_name = "E0201";
inline constexpr auto declared_twice = "E0202";
inline constexpr auto element_mismatch = "E0203";
inline constexpr auto extent_mismatch = "E0204";
inline constexpr auto axis_twice = "E0205";
inline constexpr auto axis_missing = "E0206";
inline constexpr auto axis_unexpected = "E0207";
inline constexpr auto not_an_axis = "E0208";
inline constexpr auto axis_not_inferred = "E0209";
inline constexpr auto remainder = "E0210";
inline constexpr auto axis_count = "E0211";
inline constexpr auto wrong_index = "E0212";
inline constexpr auto bad_attributes = "E0213";
inline constexpr auto open_axis = "E0214";

// values and calls
inline constexpr auto not_callable = "E0301";
inline constexpr auto too_many_arguments = "E0302";
inline constexpr auto unknown_argument = "E0303";
inline constexpr auto missing_argument = "E0304";
inline constexpr auto wrong_kind = "E0305";
inline constexpr auto unknown_member = "E0306";
inline constexpr auto bad_value = "E0307";
inline constexpr auto recursion = "E0308";

// statements
inline constexpr auto not_here = "E0401";
inline constexpr auto not_scalar = "E0402";
inline constexpr auto nothing_to_train = "E0403";
inline constexpr auto unknown_setting = "E0404";
inline constexpr auto unknown_column = "E0405";
inline constexpr auto no_return = "E0406";
inline constexpr auto next_mismatch = "E0407";
inline constexpr auto import_failed = "E0408";
inline constexpr auto option_value = "E0409";
inline constexpr auto wrong_count = "E0411";

}  // namespace weft::code
