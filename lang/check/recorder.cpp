#include "lang/check/recorder.h"

#include "lang/check/elaborator.h"

namespace weft::check {

void Elaborator::record_member(const Value& of, const ast::Name& name, const Value& value) {
  Span declared;
  if (const auto* i = as<InstanceValue>(of)) {
    const auto it = i->instance->scope->names.find(name.text);
    if (it != i->instance->scope->names.end()) declared = it->second.declared;
  }
  recorder_->member(name.span, of);
  recorder_->name(name.span, value, declared);
}

}  // namespace weft::check
