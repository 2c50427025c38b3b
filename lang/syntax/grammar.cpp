#include "lang/syntax/grammar.h"

#include <functional>
#include <optional>

#include "lang/syntax/parsers.h"
#include "lang/syntax/terminals.h"

// The grammar over tokens. Every alternative is decided by its first token or two, so nothing is read twice,
// and what must follow a decision is marked `need(...)` with the words an error message uses for it.
namespace weft::syntax {
namespace {

struct ReaderTag;

// --- rules ---

template <class Id, class Value>
using Rule = x3::rule<Id, Value>;

constexpr Rule<struct expression_id, ast::ExprPtr> expression = "an expression";
constexpr Rule<struct extent_id, ast::ExprPtr> extent = "an extent";
constexpr Rule<struct count_id, ast::ExprPtr> count = "a count";
constexpr Rule<struct flat_id, FlatExpression> flat = "an expression";
constexpr Rule<struct flat_extent_id, FlatExpression> flat_extent = "an extent";
constexpr Rule<struct flat_count_id, FlatExpression> flat_count = "a count";
constexpr Rule<struct operand_id, FlatOperand> operand = "an operand";
constexpr Rule<struct count_operand_id, FlatOperand> count_operand = "an operand";
constexpr Rule<struct postfix_id, ast::ExprPtr> postfix = "an operand";
constexpr Rule<struct count_postfix_id, ast::ExprPtr> count_postfix = "an operand";
constexpr Rule<struct suffixed_id, ast::Postfix> suffixed = "an operand";
constexpr Rule<struct suffixed_count_id, ast::Postfix> suffixed_count = "an operand";
constexpr Rule<struct primary_id, ast::ExprPtr> primary = "an operand";
constexpr Rule<struct group_id, ast::ExprPtr> group = "an expression in parentheses";
constexpr Rule<struct block_operand_id, ast::ExprPtr> block_operand = "scan or repeat";

constexpr Rule<struct suffix_id, ast::Suffix> suffix = "a suffix";
constexpr Rule<struct member_id, ast::Member> member = "a member";
constexpr Rule<struct call_id, ast::Call> call = "arguments";
constexpr Rule<struct argument_id, ast::Argument> argument = "an argument";
constexpr Rule<struct named_argument_id, ast::Argument> named_argument = "`name = value`";
constexpr Rule<struct column_argument_id, ast::Argument> column_argument = "`name = column`";
constexpr Rule<struct scan_id, ast::Scan> scan = "a scan";
constexpr Rule<struct repeat_id, ast::Repeat> repeat = "a repetition";

constexpr Rule<struct axis_item_id, ast::AxisItem> axis_item = "an axis";
constexpr Rule<struct axis_list_id, ast::AxisList> axis_list = "axes in `[ ]`";
constexpr Rule<struct type_id, ast::Type> type = "a type";

constexpr Rule<struct parameter_id, ast::Parameter> parameter = "a parameter";
constexpr Rule<struct model_parameter_id, ast::Parameter> model_parameter = "a parameter";

constexpr Rule<struct axis_one_id, ast::AxisDecl::One> axis_one = "an axis";
constexpr Rule<struct axis_id, ast::AxisDecl> axis_decl = "axis";
constexpr Rule<struct option_id, ast::OptionDecl> option_decl = "option";
constexpr Rule<struct data_id, ast::DataDecl> data_decl = "data";
constexpr Rule<struct let_id, ast::LetDecl> let_decl = "let";
constexpr Rule<struct param_id, ast::ParamDecl> param_decl = "param";
constexpr Rule<struct fn_id, ast::FnDecl> fn_decl = "fn";
constexpr Rule<struct model_id, ast::ModelDecl> model_decl = "model";
constexpr Rule<struct train_id, ast::TrainDecl> train_decl = "train";
constexpr Rule<struct step_id, ast::StepBlock> step_block = "step";
constexpr Rule<struct validate_id, ast::ValidateBlock> validate_block = "validate";
constexpr Rule<struct settings_id, ast::Settings> settings = "settings";
constexpr Rule<struct minimize_id, ast::Minimize> minimize = "minimize";
constexpr Rule<struct show_id, ast::Show> show = "show";
constexpr Rule<struct plot_id, ast::Plot> plot = "plot";
constexpr Rule<struct explain_id, ast::Explain> explain = "explain";
constexpr Rule<struct set_id, ast::Set> set_statement = "set";
constexpr Rule<struct freeze_id, ast::Freeze> freeze = "freeze";
constexpr Rule<struct if_id, ast::If> if_statement = "if";
constexpr Rule<struct if_branch_id, ast::If::Branch> if_branch = "if";
constexpr Rule<struct else_branch_id, ast::If::Branch> else_branch = "else";
constexpr Rule<struct save_id, ast::Save> save = "save";
constexpr Rule<struct expect_id, ast::Expect> expect_statement = "expect";
constexpr Rule<struct return_id, ast::Return> return_statement = "return";
constexpr Rule<struct next_id, ast::Next> next_statement = "next";
constexpr Rule<struct import_id, ast::Import> import_statement = "import";
constexpr Rule<struct evaluate_id, ast::Evaluate> evaluate = "an expression";
constexpr Rule<struct statement_id, ast::Stmt> statement = "a statement";

/// The statements up to the end of their block. One that can't be read is told to the reader and left out.
struct Statements : x3::parser<Statements> {
  using attribute_type = ast::Block;
  [[maybe_unused]] static bool const has_attribute = true;

  std::optional<Place> own;  // absent: where the list around it stands

  constexpr explicit Statements(std::optional<Place> own) : own(own) {}

  template <class Context, class RuleContext, class Attribute>
  bool parse(Iterator& first, const Iterator& last, const Context& context, RuleContext&,
             Attribute& statements) const {
    Reader& reader = x3::get<ReaderTag>(context).get();
    const Iterator block = first;
    const Place outer = reader.place(), place = own.value_or(outer);
    reader.enter(place);
    while (first->kind != Kind::end && first->kind != Kind::right_brace) {
      const Iterator begin = first;
      try {
        reader.check_start(begin, block, place);
        ast::Stmt read;
        if (!statement.parse(first, last, context, x3::unused, read)) {
          throw x3::expectation_failure<Iterator>(begin, "a statement");
        }
        reader.finish(read, place, begin, first);
        statements.push_back(std::move(read));
      } catch (const x3::expectation_failure<Iterator>& failure) {
        first = reader.recover_expected(begin, failure.where(), failure.which());
      } catch (Fault& fault) {
        first = reader.recover(begin, begin, std::move(fault.diagnostic));
      }
      reader.enter(place);
    }
    reader.enter(outer);
    return true;
  }
};

template <auto Field>
constexpr auto block_of(std::optional<Place> place) {
  return need(left_brace) >> Statements(place)[into<Field>] >> need(right_brace);
}

// --- expressions ---

constexpr auto folded = [](auto& context) { x3::_val(context) = fold(std::move(x3::_attr(context))); };

constexpr auto expression_def = flat[folded];
constexpr auto extent_def = flat_extent[folded];
constexpr auto count_def = flat_count[folded];

constexpr auto chain_of(const auto& operand, const auto& op) {
  return operand[append<&FlatExpression::operands>] >>
         *(op[append<&FlatExpression::operators>] >>
           need("an expression", operand)[append<&FlatExpression::operands>]);
}
constexpr auto flat_def = chain_of(operand, any_operator);
constexpr auto flat_extent_def = chain_of(operand, arithmetic);
constexpr auto flat_count_def = chain_of(count_operand, any_operator);

constexpr auto signed_operand(const auto& value) {
  return (prefix[append<&FlatOperand::prefixes>] >> *prefix[append<&FlatOperand::prefixes>] >>
          need("an expression", value)[into<&FlatOperand::value>]) |
         value[into<&FlatOperand::value>];
}
constexpr auto operand_def = signed_operand(postfix);
constexpr auto count_operand_def = signed_operand(count_postfix);

/// A base without suffixes stands for itself.
constexpr auto with_suffixes = [](auto& context) {
  ast::Postfix& form = x3::_attr(context);
  if (form.suffixes.empty()) {
    x3::_val(context) = std::move(form.base);
    return;
  }
  auto whole = std::make_unique<ast::Expr>();
  whole->span = {form.base->span.file, form.base->span.begin, form.suffixes.back().span.end};
  whole->form = std::move(form);
  x3::_val(context) = std::move(whole);
};
constexpr auto suffixed_def =
    (primary[into<&ast::Postfix::base>] | block_operand[into<&ast::Postfix::base>]) >>
    *suffix[append<&ast::Postfix::suffixes>];
// How often something is repeated: no scan or repeat of its own, which only brackets may nest.
constexpr auto suffixed_count_def =
    primary[into<&ast::Postfix::base>] >> *suffix[append<&ast::Postfix::suffixes>];
constexpr auto postfix_def = suffixed[with_suffixes];
constexpr auto count_postfix_def = suffixed_count[with_suffixes];

constexpr auto primary_def = number[as_result] | text[as_result] | reference[as_result] | group[as_result];
// Parentheses belong to the span of what they hold.
constexpr auto group_def = spanned(left_paren >> need("an expression", expression)[as_result] >>
                                   need("an operator or `)`", right_paren));

constexpr auto as_expression = [](auto& context) {
  x3::_val(context) = std::make_unique<ast::Expr>();
  x3::_val(context)->form = std::move(x3::_attr(context));
};
constexpr auto block_operand_def = spanned(scan[as_expression] | repeat[as_expression]);

constexpr auto suffix_def = spanned(member[as_form] | (same_line >> (axis_list[as_form] | call[as_form])));
constexpr auto member_def = dot >> need("a name", member_name)[into<&ast::Member::name>];
constexpr auto call_def = left_paren >>
                          (right_paren |
                           (list(need("an expression or `)`", argument)[append<&ast::Call::arguments>],
                                 need("an expression", argument)[append<&ast::Call::arguments>]) >>
                            need(right_paren)));

constexpr auto argument_def = spanned(named_argument[as_result] | expression[into<&ast::Argument::value>]);
constexpr auto named_argument_def = spanned(binding[into<&ast::Argument::name>] >>
                                            need("an expression", expression)[into<&ast::Argument::value>]);
constexpr auto column_argument_def = spanned(
    binding[into<&ast::Argument::name>] >>
    (column[into<&ast::Argument::value>] | need("a column", expression)[into<&ast::Argument::value>]));

template <auto Field>
constexpr auto arguments = list(need("an expression", argument)[append<Field>],
                                need("an expression", argument)[append<Field>]);
template <auto Field>
constexpr auto named_arguments = list(need("`name = value`", named_argument)[append<Field>],
                                      need("`name = value`", named_argument)[append<Field>]);

constexpr auto scan_def = word(Kind::kw_scan, "`scan`") >> need("`[`", axis_list)[into<&ast::Scan::axes>] >>
                          need(left_paren) >>
                          -list(argument[append<&ast::Scan::walked>],
                                need("an expression", argument)[append<&ast::Scan::walked>]) >>
                          -(semicolon >> named_arguments<&ast::Scan::carried>) >>
                          need("`,`, `;` or `)`", right_paren) >> block_of<&ast::Scan::body>(Place::scan);
constexpr auto repeat_def = word(Kind::kw_repeat, "`repeat`") >>
                            need("a count", count)[into<&ast::Repeat::count>] >> need(left_brace) >>
                            need("an expression", expression)[into<&ast::Repeat::element>] >>
                            need("an operator or `}`", right_brace);

// --- axes and types ---

constexpr auto axis_item_def = spanned(rest[mark<&ast::AxisItem::rest>] |
                                       (axis_name[into<&ast::AxisItem::name>] >>
                                        -(colon >> need("an extent", extent)[into<&ast::AxisItem::extent>])));

template <auto Field>
constexpr auto axis_items = list(need("an axis", axis_item)[append<Field>],
                                 need("an axis", axis_item)[append<Field>]);
constexpr auto axis_list_def =
    spanned(left_bracket >>
            (right_bracket | (list(need("an axis or `]`", axis_item)[append<&ast::AxisList::items>],
                                   need("an axis", axis_item)[append<&ast::AxisList::items>]) >>
                              -(arrow[mark<&ast::AxisList::arrow>] >> axis_items<&ast::AxisList::to>) >>
                              need(right_bracket))));

constexpr auto type_def =
    spanned(axis_list[into<&ast::Type::axes>] |
            (axis_name[into<&ast::Type::element>] >> -(same_line >> axis_list[into<&ast::Type::axes>])));

// --- declarations ---

constexpr auto named = need("a name", name);
constexpr auto value = need("an expression", expression);

constexpr auto parameter_def = spanned(name[into<&ast::Parameter::name>] >> need("`:` and a type", colon) >>
                                       need("a type", type)[into<&ast::Parameter::type>] >>
                                       -(assign >> value[into<&ast::Parameter::value>]));
constexpr auto model_parameter_def =
    spanned(name[into<&ast::Parameter::name>] >> -(assign >> value[into<&ast::Parameter::value>]));

template <auto Field>
constexpr auto parameters(const auto& one) {
  return left_paren >> (right_paren | (list(need("a name or `)`", one)[append<Field>],
                                            need("a name", one)[append<Field>]) >>
                                       need(right_paren)));
}

constexpr auto axis_one_def = need("a name", name)[into<&ast::AxisDecl::One::name>] >>
                              -(assign >> value[into<&ast::AxisDecl::One::value>]);
constexpr auto axis_decl_def = word(Kind::kw_axis, "`axis`") >> list(axis_one[append<&ast::AxisDecl::axes>],
                                                                     axis_one[append<&ast::AxisDecl::axes>]);
constexpr auto option_decl_def = word(Kind::kw_option, "`option`") >> named[into<&ast::OptionDecl::name>] >>
                                 -(colon >> need("a kind of option", name)[into<&ast::OptionDecl::type>]) >>
                                 need(assign) >> value[into<&ast::OptionDecl::value>];
constexpr auto data_decl_def = word(Kind::kw_data, "`data`") >> named[into<&ast::DataDecl::name>] >>
                               need(assign) >> value[into<&ast::DataDecl::value>];
constexpr auto let_decl_def = word(Kind::kw_let, "`let`") >> list(named[append<&ast::LetDecl::names>],
                                                                  named[append<&ast::LetDecl::names>]) >>
                              need(assign) >> value[into<&ast::LetDecl::value>];
constexpr auto param_decl_def = word(Kind::kw_param, "`param`") >> named[into<&ast::ParamDecl::name>] >>
                                need("`:` and a type", colon) >>
                                need("a type", type)[into<&ast::ParamDecl::type>] >>
                                -(assign >> value[into<&ast::ParamDecl::value>]);
constexpr auto fn_decl_def = word(Kind::kw_fn, "`fn`") >> -name[into<&ast::FnDecl::name>] >>
                             -axis_list[into<&ast::FnDecl::axes>] >>
                             need("a name or `(`", parameters<&ast::FnDecl::parameters>(parameter)) >>
                             -(arrow >> need("a type", type)[into<&ast::FnDecl::result>]) >>
                             block_of<&ast::FnDecl::body>(Place::function);
constexpr auto model_decl_def = word(Kind::kw_model, "`model`") >> named[into<&ast::ModelDecl::name>] >>
                                -axis_list[into<&ast::ModelDecl::axes>] >>
                                -parameters<&ast::ModelDecl::parameters>(model_parameter) >>
                                block_of<&ast::ModelDecl::members>(Place::model);

// --- training ---

constexpr auto columns = need(left_paren) >>
                         list(need("`name = column`", column_argument)[append<&ast::TrainDecl::columns>],
                              need("`name = column`", column_argument)[append<&ast::TrainDecl::columns>]) >>
                         need(right_paren);
constexpr auto train_decl_def =
    word(Kind::kw_train, "`train`") >> named[into<&ast::TrainDecl::name>] >>
    -(word(Kind::kw_on, "`on`") >> value[into<&ast::TrainDecl::on>]) >>
    -(word(Kind::kw_as, "`as`") >> columns) >> block_of<&ast::TrainDecl::body>(Place::train);
constexpr auto step_block_def = word(Kind::kw_step, "`step`") >> block_of<&ast::StepBlock::body>(Place::step);
constexpr auto validate_block_def = word(Kind::kw_validate, "`validate`") >>
                                    need(word(Kind::kw_on, "`on`")) >> value[into<&ast::ValidateBlock::on>] >>
                                    block_of<&ast::ValidateBlock::body>(Place::validate);
constexpr auto settings_def = list(named_argument[append<&ast::Settings::values>],
                                   need("`name = value`", named_argument)[append<&ast::Settings::values>]);
constexpr auto minimize_def = word(Kind::kw_minimize, "`minimize`") >> value[into<&ast::Minimize::loss>] >>
                              need(word(Kind::kw_over, "`over`")) >>
                              list(value[append<&ast::Minimize::over>],
                                   value[append<&ast::Minimize::over>]) >>
                              need(word(Kind::kw_using, "`using`")) >> value[into<&ast::Minimize::optimizer>];

// --- other statements ---

constexpr auto show_def = word(Kind::kw_show, "`show`") >> arguments<&ast::Show::values>;
constexpr auto plot_def = word(Kind::kw_plot, "`plot`") >> arguments<&ast::Plot::values>;
constexpr auto explain_def = word(Kind::kw_explain, "`explain`") >>
                             list(value[append<&ast::Explain::values>], value[append<&ast::Explain::values>]);
constexpr auto set_statement_def = word(Kind::kw_set, "`set`") >> value[into<&ast::Set::target>] >>
                                   need(assign) >> value[into<&ast::Set::value>];
constexpr auto freeze_def = word(Kind::kw_freeze, "`freeze`") >>
                            list(value[append<&ast::Freeze::parts>], value[append<&ast::Freeze::parts>]);
constexpr auto if_branch_def = word(Kind::kw_if, "`if`") >>
                               need("a condition", count)[into<&ast::If::Branch::condition>] >>
                               block_of<&ast::If::Branch::body>(std::nullopt);
constexpr auto else_branch_def = word(Kind::kw_else, "`else`") >>
                                 (if_branch[as_result] | block_of<&ast::If::Branch::body>(std::nullopt));
constexpr auto if_statement_def =
    if_branch[append<&ast::If::branches>] >> *else_branch[append<&ast::If::branches>];
constexpr auto save_def = word(Kind::kw_save, "`save`") >> value[into<&ast::Save::value>] >>
                          need(word(Kind::kw_to, "`to`")) >> value[into<&ast::Save::path>];
constexpr auto expect_statement_def =
    word(Kind::kw_expect, "`expect`") >> value[into<&ast::Expect::condition>];
constexpr auto return_statement_def = word(Kind::kw_return, "`return`") >>
                                      list(value[append<&ast::Return::values>],
                                           value[append<&ast::Return::values>]);
constexpr auto next_statement_def = word(Kind::kw_next, "`next`") >> named_arguments<&ast::Next::values>;
constexpr auto import_statement_def = word(Kind::kw_import, "`import`") >>
                                      (path[into<&ast::Import::path>] |
                                       need("a file in quotes or a name such as std.nn",
                                            dotted_name)[into<&ast::Import::path>] >>
                                           x3::eps[mark<&ast::Import::standard>]);
constexpr auto evaluate_def = expression[into<&ast::Evaluate::value>];

constexpr auto statement_def =
    axis_decl[as_form] | option_decl[as_form] | data_decl[as_form] | let_decl[as_form] | param_decl[as_form] |
    fn_decl[as_form] | model_decl[as_form] | train_decl[as_form] | step_block[as_form] |
    validate_block[as_form] | minimize[as_form] | show[as_form] | plot[as_form] | explain[as_form] |
    set_statement[as_form] | freeze[as_form] | if_statement[as_form] | save[as_form] |
    expect_statement[as_form] | return_statement[as_form] | next_statement[as_form] |
    import_statement[as_form] | settings[as_form] | evaluate[as_form];

BOOST_SPIRIT_DEFINE(expression, extent, count, flat, flat_extent, flat_count, operand, count_operand, postfix,
                    count_postfix, suffixed, suffixed_count, primary, group, block_operand)
BOOST_SPIRIT_DEFINE(suffix, member, call, argument, named_argument, column_argument, scan, repeat, axis_item,
                    axis_list, type, parameter, model_parameter)
BOOST_SPIRIT_DEFINE(axis_one, axis_decl, option_decl, data_decl, let_decl, param_decl, fn_decl, model_decl,
                    train_decl, step_block, validate_block, settings, minimize)
BOOST_SPIRIT_DEFINE(plot, explain, set_statement, freeze, if_statement, if_branch, else_branch)
BOOST_SPIRIT_DEFINE(show, save, expect_statement, return_statement, next_statement, import_statement,
                    evaluate, statement)

}  // namespace

ast::Block read_statements(Reader& reader) {
  ast::Block statements;
  Iterator first = reader.begin();
  const Iterator last = reader.end();
  const auto program = x3::with<ReaderTag>(std::ref(reader))[Statements(Place::program)];
  x3::parse(first, last, program, statements);
  return statements;
}

}  // namespace weft::syntax
