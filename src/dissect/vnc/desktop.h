#pragma once

#include <string>
#include <string_view>

namespace bedrail::vnc {

/// What a desktop's name tells, without the account in it.
struct Desktop {
  std::string host;   ///< empty where the name holds none that can be told
  std::string title;  ///< the name without an account; empty where nothing else is left
};

/// Servers name the desktop after the host and, some, after who is logged in: "ct01:1 (anna)" (TigerVNC),
/// "anna's X desktop (ct01:1)" (TightVNC, RealVNC's Xvnc), "ct01 ( 10.0.0.5 ) - service mode" (UltraVNC),
/// "ct01:0".
Desktop read_desktop(std::string_view name);

}  // namespace bedrail::vnc
