#pragma once

/// Codes of the checker's diagnostics: stable, one cause each; E01xx is syntax (lang/syntax/syntax_codes.h).
/// A new one is a row here, an entry in lang/explain and a script under tests/scripts/diagnostics
/// (docs/contributing.md).
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
inline constexpr auto bad_attributes = "E0213";  // what no other code of an operation fits
inline constexpr auto open_axis = "E0214";
inline constexpr auto bad_extent = "E0215";          // an extent that is negative, broken or beyond 2^31 - 1
inline constexpr auto extent_overflow = "E0216";     // arithmetic of extents beyond 64 bits
inline constexpr auto position_outside = "E0217";    // a position or slice beyond the end of its axis
inline constexpr auto type_without_axes = "E0218";   // `x: bool`
inline constexpr auto primed_declaration = "E0118";  // `axis T'`: the parser's code, which tells it first
inline constexpr auto rest_outside = "E0220";        // `..` where no other axes are known
inline constexpr auto batch_axis_fixed = "E0221";    // a batch over an axis that has an extent of its own
inline constexpr auto batch_extent = "E0222";        // a batch without a largest extent, or with an empty one
inline constexpr auto axes_needed = "E0223";         // `softmax(x)`
inline constexpr auto axes_not_taken = "E0224";      // `exp[T](x)`
inline constexpr auto one_axis = "E0225";            // `softmax[T, D](x)`
inline constexpr auto rename_form = "E0226";         // a bracket that doesn't say what becomes what
inline constexpr auto index_count = "E0227";         // `at` with more or fewer indices than axes
inline constexpr auto not_an_element = "E0228";      // `x: n[T]` where n is no axis
inline constexpr auto label_twice = "E0229";
inline constexpr auto result_lacks_axis = "E0230";
inline constexpr auto result_has_axis = "E0231";
inline constexpr auto result_extent = "E0232";
inline constexpr auto unknown_label = "E0233";
inline constexpr auto parameter_element = "E0234";  // `param i: int[D]`

// values and calls
inline constexpr auto not_callable = "E0301";
inline constexpr auto too_many_arguments = "E0302";
inline constexpr auto unknown_argument = "E0303";
inline constexpr auto missing_argument = "E0304";
inline constexpr auto wrong_kind = "E0305";  // where no narrower code says what was wanted
inline constexpr auto unknown_member = "E0306";
inline constexpr auto bad_value = "E0307";  // a number out of the range of its argument
inline constexpr auto recursion = "E0308";
inline constexpr auto argument_twice = "E0309";
inline constexpr auto not_a_tensor = "E0310";
inline constexpr auto not_a_number = "E0311";  // no number that is known before the run
inline constexpr auto not_a_text = "E0312";
inline constexpr auto not_an_initializer = "E0313";
inline constexpr auto not_an_extent = "E0314";
inline constexpr auto not_a_layer = "E0315";
inline constexpr auto not_an_option_value = "E0316";
inline constexpr auto not_a_reader = "E0317";  // `data d = "file"`
inline constexpr auto not_a_split = "E0318";
inline constexpr auto not_an_optimizer = "E0319";
inline constexpr auto not_a_tokenizer = "E0320";
inline constexpr auto not_a_named_model = "E0321";  // what `save` writes
inline constexpr auto takes_no_text = "E0322";
inline constexpr auto cannot_generate = "E0323";
inline constexpr auto not_whole = "E0324";
inline constexpr auto not_one_of = "E0325";  // a word that isn't one of a few
inline constexpr auto chain_length = "E0326";
inline constexpr auto too_few_axes = "E0327";
inline constexpr auto axes_without_call = "E0328";
inline constexpr auto no_unnamed_fn = "E0329";
inline constexpr auto too_deep = "E0330";   // once calls and models are followed
inline constexpr auto too_large = "E0331";  // likewise
inline constexpr auto unknown_reader = "E0332";

// statements
inline constexpr auto not_here = "E0117";  // the parser's code: it tells this first
inline constexpr auto not_scalar = "E0402";
inline constexpr auto nothing_to_train = "E0403";
inline constexpr auto unknown_setting = "E0404";
inline constexpr auto unknown_column = "E0405";
inline constexpr auto no_return = "E0406";
inline constexpr auto next_mismatch = "E0407";  // `next` of what isn't carried
inline constexpr auto import_failed = "E0408";
inline constexpr auto option_value = "E0409";
inline constexpr auto wrong_count = "E0411";
inline constexpr auto not_a_total = "E0413";  // a validation's figure that batches can't be put together to
inline constexpr auto no_data = "E0414";      // a training without `on` and without `steps`
inline constexpr auto no_minimize = "E0415";
inline constexpr auto scan_walks_nothing = "E0416";
inline constexpr auto walked_without_name = "E0417";
inline constexpr auto setting_range = "E0418";
inline constexpr auto unknown_library = "E0419";
inline constexpr auto other_computation = "E0420";
inline constexpr auto tensor_in_model = "E0421";
inline constexpr auto unnamed_function = "E0422";
inline constexpr auto model_in_step = "E0423";
inline constexpr auto loss_independent = "E0424";
inline constexpr auto not_a_truth = "E0425";
inline constexpr auto next_missing = "E0426";
inline constexpr auto next_type = "E0427";
inline constexpr auto import_cycle = "E0428";
inline constexpr auto column_computed = "E0429";
inline constexpr auto condition_late = "E0430";  // `if` on what only the run knows
inline constexpr auto condition_kind = "E0431";  // `if` on what is no truth value
inline constexpr auto not_settable = "E0432";    // `set` of what is no parameter or tensor of the top level
inline constexpr auto set_adds_axis = "E0433";
inline constexpr auto set_in_scan = "E0434";
inline constexpr auto set_outside_training = "E0435";  // a function's `set` outside of a step
inline constexpr auto not_freezable = "E0436";
inline constexpr auto all_frozen = "E0437";
inline constexpr auto load_failed = "E0438";
inline constexpr auto load_mismatch = "E0439";  // tensors of other shapes
inline constexpr auto load_nothing = "E0440";   // no path matches
inline constexpr auto option_kind = "E0441";    // `option x: int = "a"`
inline constexpr auto set_element = "E0442";
inline constexpr auto not_a_vocabulary = "E0443";  // `vocab = ` of what has no labels
inline constexpr auto patience_alone = "E0444";    // patience without validate

// warnings
inline constexpr auto unused_axis = "W0501";
inline constexpr auto unused_option = "W0502";
inline constexpr auto unused_model = "W0503";
inline constexpr auto unused_let = "W0504";
inline constexpr auto untrained = "W0505";  // a parameter that no `minimize` or `set` reaches
inline constexpr auto idle_rename = "W0506";

}  // namespace weft::code
