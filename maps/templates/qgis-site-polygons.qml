<!-- QGIS style of sites that are polygons, by match. The program copies the symbol for each class and fills the words in braces;
     labels are taken as they are. -->
<qgis version="3.22.0" styleCategories="Symbology|Labeling|Fields" labelsEnabled="1">
  <aliases/>
  <renderer-v2 type="categorizedSymbol" attr="match" enableorderby="0" forceraster="0" symbollevels="0">
    <categories/>
    <symbols>
      <symbol type="fill" name="class" alpha="1" clip_to_extent="1" force_rhr="0">
        <layer class="SimpleLine" enabled="1" locked="0" pass="0">
          <Option type="Map">
            <Option name="line_color" type="QString" value="255,255,255,255"/>
            <Option name="line_style" type="QString" value="solid"/>
            <Option name="line_width" type="QString" value="1.4"/>
            <Option name="line_width_unit" type="QString" value="MM"/>
            <Option name="joinstyle" type="QString" value="round"/>
          </Option>
        </layer>
        <layer class="SimpleFill" enabled="1" locked="0" pass="0">
          <Option type="Map">
            <Option name="color" type="QString" value="{translucent}"/>
            <Option name="style" type="QString" value="solid"/>
            <Option name="outline_color" type="QString" value="{colour}"/>
            <Option name="outline_style" type="QString" value="solid"/>
            <Option name="outline_width" type="QString" value="0.6"/>
            <Option name="outline_width_unit" type="QString" value="MM"/>
            <Option name="joinstyle" type="QString" value="round"/>
          </Option>
        </layer>
      </symbol>
    </symbols>
    <rotation/>
    <sizescale/>
  </renderer-v2>
  <labeling type="simple">
    <settings calloutType="simple">
      <text-style fieldName="coalesce(nullif(&quot;name&quot;, ''), &quot;id&quot;)" isExpression="1" fontFamily="Sans Serif" fontSize="8" textColor="34,34,34,255" fontSizeUnit="Point" textOpacity="1" previewBkgrdColor="255,255,255,255">
        <text-buffer bufferDraw="1" bufferSize="0.8" bufferSizeUnits="MM" bufferColor="255,255,255,255" bufferOpacity="0.85" bufferNoFill="0" bufferJoinStyle="128"/>
      </text-style>
      <text-format multilineAlign="1" useMaxLineLengthForAutoWrap="1"/>
      <placement placement="8" dist="1" distUnits="MM" polygonPlacementFlags="2" priority="8"/>
      <rendering drawLabels="1" displayAll="0" obstacle="1" fontMinPixelSize="3" fontMaxPixelSize="10000" maxNumLabels="2000" scaleVisibility="0"/>
    </settings>
  </labeling>
  <blendMode>0</blendMode>
  <featureBlendMode>0</featureBlendMode>
  <layerOpacity>1</layerOpacity>
  <layerGeometryType>2</layerGeometryType>
</qgis>
