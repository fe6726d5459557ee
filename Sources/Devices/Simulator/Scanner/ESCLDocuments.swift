/// The XML that the scanner serves (Mopria eSCL Specification 2.97, 8 and 9).
enum ESCLDocuments {
    private static let namespaces =
        #"xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm""#

    static func capabilities(model: String, serial: String, uuid: String) -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <scan:ScannerCapabilities \(namespaces)>
        <pwg:Version>2.63</pwg:Version>
        <pwg:MakeAndModel>\(model)</pwg:MakeAndModel>
        <pwg:SerialNumber>\(serial)</pwg:SerialNumber>
        <scan:UUID>\(uuid)</scan:UUID>
        <scan:Platen><scan:PlatenInputCaps>\(inputs(ESCLScanSettings.bed.height))</scan:PlatenInputCaps></scan:Platen>
        <scan:Adf>
        <scan:AdfSimplexInputCaps>\(inputs(ESCLScanSettings.feederHeight))</scan:AdfSimplexInputCaps>
        <scan:AdfDuplexInputCaps>\(inputs(ESCLScanSettings.feederHeight))</scan:AdfDuplexInputCaps>
        <scan:FeederCapacity>50</scan:FeederCapacity>
        <scan:AdfOptions><scan:AdfOption>DetectPaperLoaded</scan:AdfOption><scan:AdfOption>Duplex</scan:AdfOption></scan:AdfOptions>
        </scan:Adf>
        </scan:ScannerCapabilities>

        """
    }

    static func status(state: String, feeder: String) -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <scan:ScannerStatus \(namespaces)>
        <pwg:Version>2.63</pwg:Version>
        <pwg:State>\(state)</pwg:State>
        <scan:AdfState>\(feeder)</scan:AdfState>
        </scan:ScannerStatus>

        """
    }

    private static func inputs(_ height: Int) -> String {
        let resolutions = ESCLScanSettings.resolutions.map { resolution in
            "<scan:DiscreteResolution><scan:XResolution>\(resolution)</scan:XResolution>"
                + "<scan:YResolution>\(resolution)</scan:YResolution></scan:DiscreteResolution>"
        }
        return """
            <scan:MinWidth>16</scan:MinWidth><scan:MaxWidth>\(ESCLScanSettings.bed.width)</scan:MaxWidth>
            <scan:MinHeight>16</scan:MinHeight><scan:MaxHeight>\(height)</scan:MaxHeight>
            <scan:MaxScanRegions>1</scan:MaxScanRegions>
            <scan:SettingProfiles><scan:SettingProfile>
            <scan:ColorModes><scan:ColorMode>RGB24</scan:ColorMode><scan:ColorMode>Grayscale8</scan:ColorMode></scan:ColorModes>
            <scan:DocumentFormats><pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>
            <scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt></scan:DocumentFormats>
            <scan:SupportedResolutions><scan:DiscreteResolutions>\(resolutions.joined())</scan:DiscreteResolutions></scan:SupportedResolutions>
            </scan:SettingProfile></scan:SettingProfiles>
            """
    }
}
