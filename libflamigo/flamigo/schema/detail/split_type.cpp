#include "flamigo/schema/detail/split_type.hpp"

#include <string>
#include <unordered_set>
#include <vector>

namespace flamigo::detail {

namespace {

bool may_be_missing(const member_schema& member) {
  if (member.type().kind == schema_kind::nullable)
    return true;
  std::string ignored;
  return member.append_default != nullptr && member.append_default(ignored);
}

std::size_t number_of_parts(const type_schema& type) {
  switch (type.kind) {
    case schema_kind::list:
    case schema_kind::set:
    case schema_kind::row:
    case schema_kind::map:
    case schema_kind::keyed_map:
    case schema_kind::nullable:
    case schema_kind::strong:
      return 1;
    case schema_kind::tuple:
    case schema_kind::variant:
      return type.count;
    default:
      return 0;
  }
}

} // namespace

bool is_split(const type_schema& type) {
  std::unordered_set<const type_schema*> seen{&type};
  std::vector<const type_schema*> left{&type};
  auto visit = [&](const type_schema& next) {
    if (seen.insert(&next).second)
      left.push_back(&next);
  };
  while (!left.empty()) {
    auto& here = *left.back();
    left.pop_back();
    for (std::size_t i = 0; i < number_of_parts(here); ++i)
      visit(here.parts[i]());
    if (here.kind != schema_kind::record)
      continue;
    for (std::size_t i = 0; i < here.count; ++i) {
      if (may_be_missing(here.members[i]))
        return true;
      visit(here.members[i].type());
    }
  }
  return false;
}

} // namespace flamigo::detail
