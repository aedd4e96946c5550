#include "contract/schema_findings.hpp"

namespace flamigo::tool {

namespace {

std::string placed(const std::string& at, const std::string& what) {
  return at.empty() ? what : at + ": " + what;
}

} // namespace

void schema_findings::narrow(const std::string& at, const std::string& what) {
  narrowed.push_back(placed(at, what));
}

void schema_findings::widen(const std::string& at, const std::string& what) {
  widened.push_back(placed(at, what));
}

void schema_findings::replace(const std::string& at, const std::string& what) {
  replaced.push_back(placed(at, what));
}

void schema_findings::tell(const std::string& at, const std::string& what) {
  told.push_back(placed(at, what));
}

void schema_findings::append(const schema_findings& more,
                             const std::string& at) {
  for (auto& each : more.narrowed)
    narrow(at, each);
  for (auto& each : more.widened)
    widen(at, each);
  for (auto& each : more.replaced)
    replace(at, each);
  for (auto& each : more.told)
    tell(at, each);
}

schema_findings schema_findings::in_short(const std::string& sentence) const {
  schema_findings result;
  if (!replaced.empty() || (!narrowed.empty() && !widened.empty()))
    result.replaced = {sentence};
  else if (!narrowed.empty())
    result.narrowed = {sentence};
  else if (!widened.empty())
    result.widened = {sentence};
  return result;
}

} // namespace flamigo::tool
