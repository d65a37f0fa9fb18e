// Interfaces of Windows, Samba and OPC by their UUIDs, and the operations that say what a caller is about.
// Sources: the protocols' own documents (MS-RPCE 1.9 and each MS-* named), OPC Data Access 2.05.
#include <array>

#include "format/dcerpc.h"

namespace bedrail::dcerpc {
namespace {

constexpr Interface kInterfaces[] = {
    {"000001a0-0000-0000-c000-000000000046", "dcom-activator", false},   // MS-DCOM IRemoteSCMActivator
    {"00000131-0000-0000-c000-000000000046", "dcom-unknown", false},     // MS-DCOM IRemUnknown
    {"00000143-0000-0000-c000-000000000046", "dcom-unknown", false},     // MS-DCOM IRemUnknown2
    {"00020400-0000-0000-c000-000000000046", "dcom-dispatch", false},    // MS-OAUT IDispatch
    {"027947e1-d731-11ce-a357-000000000001", "wmi", false},              // MS-WMI IEnumWbemClassObject
    {"12345678-1234-abcd-ef00-0123456789ab", "spoolss", true},           // MS-RPRN
    {"12345678-1234-abcd-ef00-01234567cffb", "netlogon", false},         // MS-NRPC
    {"12345778-1234-abcd-ef00-0123456789ab", "lsarpc", true},            // MS-LSAD, MS-LSAT
    {"12345778-1234-abcd-ef00-0123456789ac", "samr", true},              // MS-SAMR
    {"13486d50-4821-11d2-a494-3cb306c10000", "opc-server-list", false},  // OPC Common IOPCServerList
    {"1544f5e0-613c-11d1-93df-00c04fd7bd09", "exchange-referral", false},
    {"17fdd703-1827-4e34-79d4-24a55c53bb37", "messenger", false},  // MS-MSRP
    {"1c1c45ee-4395-11d2-b60b-00104b703efd", "wmi", false},        // MS-WMI IWbemFetchSmartEnum
    {"1ff70682-0a51-30e8-076d-740be8cee98b", "atsvc", true},       // MS-TSCH
    {"300f3532-38cc-11d0-a3f0-0020af6b0add", "link-tracking", false},
    {"338cd001-2244-31f1-aaaa-900038001003", "winreg", true},           // MS-RRP
    {"367abb81-9844-35f1-ad32-98f038001003", "svcctl", true},           // MS-SCMR
    {"378e52b0-c0a9-11cf-822d-00aa0051e40f", "sasec", true},            // MS-TSCH
    {"3919286a-b10c-11d0-9ba8-00c04fd92ef5", "dssetup", false},         // MS-DSSP
    {"39c13a4d-011e-11d0-9675-0020afd8adb3", "opc-da", true},           // OPC Data Access IOPCServer
    {"39c13a54-011e-11d0-9675-0020afd8adb3", "opc-da", true},           // IOPCItemMgt
    {"3dde7c30-165d-11d1-ab8f-00805f14db40", "backup-key", false},      // MS-BKRP
    {"423ec01e-2e35-11d2-b604-00104b703efd", "wmi", false},             // MS-WMI IWbemWCOSmartEnum
    {"44aca674-e8fc-11d0-a07c-00c04fb68820", "wmi", false},             // MS-WMI IWbemContext
    {"4b324fc8-1670-01d3-1278-5a47bf6ee188", "srvsvc", true},           // MS-SRVS
    {"4d9f4ab8-7d1c-11cf-861e-0020af6e7c57", "dcom-activator", false},  // MS-DCOM IActivation
    {"4fc742e0-4a10-11cf-8273-00aa004ae673", "netdfs", false},          // MS-DFSNM
    {"50abc2a4-574d-40b3-9d66-ee4fd5fba076", "dnsserver", true},        // MS-DNSP
    {"5a7b91f8-ff00-11d0-a9b2-00c04fb6e6fc", "messenger", false},
    {"5b821720-f63b-11d0-aad2-00c04fc324db", "dhcp-server", true},             // MS-DHCPM
    {"6bffd098-a112-3610-9833-46c3f874532d", "dhcp-server", true},             // MS-DHCPM
    {"6bffd098-a112-3610-9833-46c3f87e345a", "wkssvc", true},                  // MS-WKST
    {"76f03f96-cdfd-44fc-a22c-64950a001209", "winspool", true},                // MS-PAR
    {"811109bf-a4e1-11d1-ab54-00a0c91e9b45", "wins", true},                    // MS-RAIW
    {"82273fdc-e32a-18c3-3f78-827929dc23ea", "eventlog", true},                // MS-EVEN
    {"86d35949-83c9-4044-b424-db363231fd0c", "task-scheduler", true},          // MS-TSCH
    {"894de0c0-0d55-11d3-a322-00c04fa321a1", "initshutdown", true},            // MS-RSP
    {"897e2e5f-93f3-4376-9c9c-fd2277495c27", "dfs-replication", false},        // MS-FRS2
    {"8fb6d884-2388-11d0-8c35-00c04fda2795", "w32time", false},                // MS-W32T
    {"91ae6020-9e3c-11cf-8d7c-00aa00c091be", "certificate-enrolment", false},  // MS-ICPR
    {"9556dc99-828c-11cf-a37e-00aa003240c7", "wmi", false},                    // MS-WMI IWbemServices
    {"99fcfec4-5260-101b-bbcb-00aa0021347a", "oxid-resolver", false},          // MS-DCOM IObjectExporter
    {"9dd0b56c-ad9e-43ee-8305-487f3188bf7a", "opc-server-list", false},        // OPC Common IOPCServerList2
    {"a35af600-9cf4-11cd-a076-08002b2bd711", "smart-card", false},
    {"a4f1db00-ca47-1067-b31f-00dd010662da", "exchange-store", false},    // MS-OXCRPC
    {"afa8bd80-7d8a-11c9-bef4-08002b102989", "mgmt", false},              // C706, appendix Q
    {"c681d488-d850-11d0-8c52-00c04fd90f7e", "efsrpc", true},             // MS-EFSR
    {"d4781cd6-e5d3-44df-ad94-930efe48a887", "wmi", false},               // MS-WMI IWbemLoginClientID
    {"d95afe70-a6d5-4259-822e-2c84da1ddb0d", "initshutdown", true},       // MS-RSP WindowsShutdown
    {"df1941c5-fe89-4e79-bf10-463657acf44d", "efsrpc", true},             // MS-EFSR
    {"e1af8308-5d1f-11c9-91a4-08002b14a0fa", "epmapper", false},          // C706, appendix O
    {"e3514235-4b06-11d1-ab04-00c04fc2dcd2", "drsuapi", true},            // MS-DRSR
    {"f309ad18-d86a-11d0-a075-00c04fb68820", "wmi", false},               // MS-WMI IWbemLevel1Login
    {"f5cc59b4-4264-101a-8c59-08002b2f8426", "file-replication", false},  // MS-FRS1
    {"f5cc5a18-4264-101a-8c59-08002b2f8426", "nspi", false},              // MS-NSPI
    {"f6beaff7-1e19-4fbb-9f8f-b89e2018337c", "eventlog6", true},          // MS-EVEN6
};

struct Operation {
  std::string_view interface_name;
  std::uint16_t number;
  std::string_view name;
};

constexpr Operation kOperations[] = {
    {"atsvc", 0, "NetrJobAdd"},
    {"dcom-activator", 4, "RemoteCreateInstance"},
    {"drsuapi", 3, "DsGetNCChanges"},
    {"drsuapi", 12, "DsCrackNames"},
    {"efsrpc", 0, "EfsRpcOpenFileRaw"},
    {"eventlog", 0, "ClearEventLog"},
    {"eventlog6", 6, "ClearLog"},
    {"initshutdown", 0, "InitiateShutdown"},
    {"lsarpc", 42, "StorePrivateData"},
    {"netlogon", 2, "LogonSamLogon"},
    {"netlogon", 4, "ServerReqChallenge"},
    {"netlogon", 26, "ServerAuthenticate3"},
    {"netlogon", 30, "ServerPasswordSet2"},
    {"netlogon", 39, "LogonSamLogonEx"},
    {"samr", 13, "EnumerateUsersInDomain"},
    {"samr", 25, "GetMembersInGroup"},
    {"samr", 33, "GetMembersInAlias"},
    {"samr", 50, "CreateUser2InDomain"},
    {"samr", 58, "SetInformationUser2"},
    {"spoolss", 65, "RemoteFindFirstPrinterChangeNotificationEx"},
    {"spoolss", 89, "AddPrinterDriverEx"},
    {"srvsvc", 12, "NetrSessionEnum"},
    {"srvsvc", 15, "NetrShareEnum"},
    {"srvsvc", 21, "NetrServerGetInfo"},
    {"svcctl", 1, "ControlService"},
    {"svcctl", 2, "DeleteService"},
    {"svcctl", 12, "CreateServiceW"},
    {"svcctl", 19, "StartServiceW"},
    {"svcctl", 24, "CreateServiceA"},
    {"svcctl", 31, "StartServiceA"},
    {"task-scheduler", 1, "SchRpcRegisterTask"},
    {"task-scheduler", 12, "SchRpcRun"},
    {"winreg", 6, "BaseRegCreateKey"},
    {"winreg", 20, "BaseRegSaveKey"},
    {"winreg", 22, "BaseRegSetValue"},
    {"winspool", 39, "AsyncAddPrinterDriver"},
    {"wkssvc", 0, "NetrWkstaGetInfo"},
    {"wkssvc", 2, "NetrWkstaUserEnum"},
    {"wmi", 6, "NTLMLogin"},
    {"wmi", 20, "ExecQuery"},
    {"wmi", 24, "ExecMethod"},
};

}  // namespace

const Interface* find_interface(const Uuid& uuid) {
  const std::string text = to_text(uuid);
  for (const Interface& entry : kInterfaces) {
    if (entry.uuid == text) return &entry;
  }
  return nullptr;
}

std::string_view operation_name(std::string_view interface_name, std::uint16_t number) {
  for (const Operation& entry : kOperations) {
    if (entry.number == number && entry.interface_name == interface_name) return entry.name;
  }
  return {};
}

}  // namespace bedrail::dcerpc
