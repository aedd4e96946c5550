#pragma once

#include <string>
#include <vector>

namespace flamigo::tool {

/// How two schemas differ, with the path of where: `items/price: ...`.
struct schema_findings {
  /// There are values that only the old one allows.
  std::vector<std::string> narrowed{};
  /// There are values that only the new one allows.
  std::vector<std::string> widened{};
  /// Both: something else is in its place, or a member is no longer told of,
  /// whether it may come or not.
  std::vector<std::string> replaced{};
  /// What refuses nothing, and lets in nothing new: another default, a member
  /// that need not be there.
  std::vector<std::string> told{};

  void narrow(const std::string& at, const std::string& what);

  void widen(const std::string& at, const std::string& what);

  void replace(const std::string& at, const std::string& what);

  void tell(const std::string& at, const std::string& what);

  /// All that others have found, of this place.
  void append(const schema_findings& more, const std::string& at = {});

  /// One sentence in place of all that is said, but for what is only told.
  schema_findings in_short(const std::string& sentence) const;
};

} // namespace flamigo::tool
